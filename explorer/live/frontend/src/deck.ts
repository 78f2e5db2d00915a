import { type Bundle, Deck } from "./deck/deck";
import { type ActingComponent, mounting } from "./page/mount";
import type { DeckData } from "./schema";

const load = (entry: string) => import(new URL(`${entry}.js`, import.meta.url).href) as Promise<Bundle>;

export default mounting<ActingComponent<DeckData>>((root, appRoot, now) => new Deck(root, load, appRoot, (name, scenes) => now().setTriggerValue(name, scenes)));
