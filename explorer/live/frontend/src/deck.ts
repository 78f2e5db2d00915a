import { type Bundle, type Component, Deck, type DeckData } from "./deck/deck";
import { mounting } from "./mount";

const load = (entry: string) => import(new URL(`${entry}.js`, import.meta.url).href) as Promise<Bundle>;

export default mounting<Component & { data: DeckData }>((root, appRoot) => new Deck(root, load, appRoot));
