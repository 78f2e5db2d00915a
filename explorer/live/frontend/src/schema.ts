// What Python and the browser exchange, made from schema.json by `npm run build`. Do not edit.

export type ViewName = "explore" | "traverse" | "walk";
export type Tool = "sliders" | "walk" | "image";
export type PathKind = "linear" | "spherical";
export type SamplesTab = "codes" | "rebuilt" | "line";
export type NoiseKind = "none" | "gaussian" | "masking" | "salt-and-pepper";
export type Span = "own" | "prior";
export type CompareTab = "columns" | "ladder" | "factors" | "two-way";
export type PlaneKind = "pca" | "strands";
export type RunState = "waiting" | "running" | "paused" | "stopped" | "done" | "failed";
export type Entry = "stage" | "samples" | "compare" | "lessons";

/**
 * What a click on the Train page asks for; `epoch` is where a branch begins, `model` whether the model goes too.
 */
export interface Act {
  do: "pause" | "stop" | "resume" | "delete" | "open" | "branch";
  run: string;
  epoch?: number;
  model?: boolean;
}
/**
 * A model on the gallery, in the words of a Model; `rows` and `columns` are those of its cover, `mark` says how far
 * an unfinished training has come.
 */
export interface CardData {
  name: string;
  title: string;
  caption: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  rows: number;
  columns: number;
  figures: Figure[];
  to: Destination;
  mark?: string;
}
/**
 * A number on a card, and a sentence about it.
 */
export interface Figure {
  label: string;
  value: string;
  unit?: string;
  about: string;
}
/**
 * A page of the app and its query.
 */
export interface Destination {
  page: string;
  query: {
    [k: string]: string;
  };
}
/**
 * What codes can be coloured by; `names` are those of categories, `colours` their own where they are colours.
 */
export interface Column {
  key: string;
  label: string;
  unit?: string;
  names?: string[];
  colours?: string[];
}
export interface CompareData {
  matches: Match[][];
  planes: FlatPlane[];
  models: ComparedModel[];
  state: CompareState;
}
/**
 * For each dimension of the model that leads: which of another model's it is, which way round, how surely.
 */
export interface Match {
  order: number[];
  sign: number[];
  correlation: number[];
}
/**
 * Centre `(d,)` and directions `(2·d,)`.
 */
export interface FlatPlane {
  mean: number[];
  components: number[];
}
/**
 * `elbo`, `distortion` and `totalRate` are nats per test image; with
 * `sprites` any sprite can be drawn and encoded.
 */
export interface ComparedModel {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  vision?: Vision;
  labelNames: string[];
  columns: Column[];
  projections: Projection[];
  title: string;
  elbo: number | null;
  distortion: number | null;
  totalRate: number | null;
  activeUnits: number;
  labels: boolean;
  sprites: boolean;
  factorNames: string[];
  factorSizes: number[];
}
/**
 * How a model sees an image of a visitor, and scores it: `variance` is that of Gaussian pixels; with `threshold`
 * grey levels become black or white; `centred` images have their mass in the middle of a frame, as MNIST's do.
 */
export interface Vision {
  likelihood: "bernoulli" | "gaussian" | "learned-gaussian" | "continuous-bernoulli";
  variance: number;
  threshold?: boolean;
  centred?: boolean;
}
/**
 * Centre `(d,)` and two orthonormal directions `(2·d,)` of a flat projection; absent where there is no way back.
 */
export interface Projection {
  key: string;
  label: string;
  axes: [string, string];
  mean?: number[];
  components?: number[];
}
/**
 * `lead` is the model whose dimensions the sliders are, `strand` which of them is traversed, the strongest first,
 * `image` the test image that the hand starts from, `offset` how far each dimension has been moved from there,
 * `rows` the first image that is rebuilt, `at` the place on the ladder, `sprite` the factors of the one that is drawn,
 * `turn` a model, two of its dimensions, and degrees.
 */
export interface CompareState {
  tab?: CompareTab;
  lead?: number;
  strand?: number;
  image?: number;
  seed?: number;
  rows?: number;
  offset?: number[];
  at?: number;
  plane?: PlaneKind;
  colour?: string;
  factor?: number;
  sprite?: number[];
  turn?: number[];
}
/**
 * A link that sets models side by side.
 */
export interface Comparison {
  label: string;
  about: string;
  to: Destination;
}
/**
 * One line of the curve: losses in nats per image, `speed` in images per second, `left` in seconds.
 */
export interface CurveLine {
  epoch: number;
  loss: number;
  distortion: number;
  rate: number;
  rates: number[];
  test: number | null;
  beta: number;
  speed: number;
  left: number | null;
}
/**
 * Scenes that are stepped through; a single one is a page with a title.
 */
export interface DeckData {
  title: string;
  scenes: DeckScene[];
}
/**
 * A view with words to it: `entry` is the bundle that shows it, `data` what that bundle is given.
 */
export interface DeckScene {
  entry: Entry;
  data: {
    [k: string]: unknown;
  };
  caption: string;
}
/**
 * A mean and its 95 % interval.
 */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}
/**
 * All of the first page; `hero` is missing where no model can be decoded.
 */
export interface GalleryData {
  hero?: Hero;
  steps: Step[];
  groups: Group[];
}
/**
 * The picture that leads the first page: a model, its first code `z`, and the dimension of its slider.
 *
 * `first` is the image of `z` as base64 of its bytes (C, H, W), on show until the decoder is there.
 */
export interface Hero {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  z: number[];
  dimension: number;
  reach: number;
  first: string;
  to: Destination;
}
/**
 * A stop of the path through the app, and the view that it opens.
 */
export interface Step {
  title: string;
  about: string;
  to: Destination;
}
/**
 * The models of one data set.
 */
export interface Group {
  title: string;
  about: string;
  cards: CardData[];
  comparisons: Comparison[];
}
/**
 * How the numbers of one model and one source stand: there, on their way, failed, or closed to this server.
 */
export interface Judged {
  report?: Report;
  fraction?: number;
  message?: string;
  failed?: string;
  closed?: string;
}
/**
 * The parts of a stored report of samples that are shown; `space` says what distances are distances of.
 */
export interface Report {
  seeds: number;
  samples: number;
  images: number;
  space: string;
  measures: {
    [k: string]: Estimate;
  };
  real: {
    [k: string]: Estimate;
  };
}
/**
 * A small figure; all but the tug of war are drawn with a model's images.
 */
export interface LessonData {
  kind: "tug" | "draws" | "rotate";
  model?: Model;
}
/**
 * A checkpoint. `base` is the address of its files, relative to the app's root; it ends in a slash.
 *
 * `imageShape` is channels, height, width; `rate` the mean KL per dimension in nats, null for a plain autoencoder;
 * `names` what each dimension is for, as "x position, 81 %", where that has been measured. `beta` is null for a plain
 * autoencoder; `diagonal` says whether q(z|x) has independent dimensions. Without `vision` its encoder is not there.
 */
export interface Model {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  vision?: Vision;
  labelNames: string[];
  columns: Column[];
  projections: Projection[];
}
/**
 * What is new of the training that is looked at: lines of the curve from byte `start` on to `next`, and the preview
 * if it is another than was `seen`.
 */
export interface LiveRun {
  name: string;
  start: number;
  lines: CurveLine[];
  next: number;
  preview?: Preview;
  seen?: string;
  snapshots: number;
}
/**
 * What a running training shows of its model; `originals` and `rebuilt` are addresses of images in a row.
 */
export interface Preview {
  epoch: number;
  originals: string;
  rebuilt: string;
  xy: [number, number][];
  labels: number[];
  labelNames: string[];
  active: number;
  notes: string[];
}
/**
 * What a number of a report is called and means; a `share` lies between 0 and 1.
 */
export interface Measure {
  label: string;
  about: string;
  share: boolean;
}
/**
 * How far sliders go: `k` standard deviations of the prior to each side, or where the data's codes lie.
 */
export interface RangeChoice {
  kind: "prior" | "data";
  k: number;
}
/**
 * How models correspond: `matches[lead][other]`, and for each its principal plane.
 */
export interface Relations {
  matches: Match[][];
  planes: FlatPlane[];
}
/**
 * How one training stands. `place` is how many come before it while it waits, `model` whether its model is saved,
 * and can be explored, `bytes` what its snapshots take on disk.
 */
export interface RunRow {
  name: string;
  title: string;
  state: RunState;
  message: string;
  fraction: number;
  seconds: number;
  place: number;
  epochs: number;
  latentSize: number;
  parent: [string, number] | null;
  model: boolean;
  bytes: number;
}
/**
 * `images` is equal for two models exactly if their codes are of the same images; nats of one `likelihood` do not
 * compare with those of another; `denoises` is the noise it was trained to take away, in words; `real` says whether
 * there is the network that tells how far an image lies from every real one.
 */
export interface SampledModel {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  vision?: Vision;
  labelNames: string[];
  columns: Column[];
  projections: Projection[];
  title: string;
  images: string;
  likelihood: string;
  sources: Source[];
  denoises: string;
  real: boolean;
}
/**
 * Where codes may be drawn from.
 */
export interface Source {
  key: string;
  label: string;
}
export interface SamplesData {
  models: SampledModel[];
  state: SamplesState;
  numbers: {
    [k: string]: Judged;
  }[];
  measures: {
    [k: string]: Measure;
  };
}
/**
 * `sources` is one kind per model, `image` the row that is sampled around, `level` of noise 0 to 1, `at` the place
 * on the line of a one-dimensional space, `span` what that line goes through.
 */
export interface SamplesState {
  tab?: SamplesTab;
  seed?: number;
  count?: number;
  temperature?: number;
  sources?: string[];
  image?: number;
  noise?: NoiseKind;
  level?: number;
  at?: number;
  span?: Span;
}
/**
 * The last snapshot as the stage knows a model, and all of them.
 */
export interface SnapshotList {
  model: Model;
  snapshots: SnapshotRow[];
}
/**
 * A moment of a training; `test` is its validation loss.
 */
export interface SnapshotRow {
  epoch: number;
  base: string;
  test: number | null;
}
/**
 * `first` is the first image as base64 of its bytes (C, H, W), on show until the decoder is there.
 */
export interface StageData {
  view: ViewName;
  model: Model;
  state: StageState;
  first?: string;
}
/**
 * `z` is the code that is shown, `a` and `b` the ends of the walk, `selected` the test image that z is the code of.
 *
 * `hidden` are the classes that are hidden, by number; with `plane` the decoded plane lies behind the points.
 */
export interface StageState {
  z?: number[];
  a?: number[];
  b?: number[];
  selected?: number;
  selection?: number[];
  selectionCount?: number;
  projection?: string;
  colour?: string;
  viewport?: Viewport;
  range?: RangeChoice;
  path?: PathKind;
  tool?: Tool;
  plane?: boolean;
  hidden?: number[];
}
/**
 * Centre in latent units, and pixels per unit.
 */
export interface Viewport {
  cx: number;
  cy: number;
  scale: number;
}
/**
 * All trainings, and what is new of one.
 */
export interface Standings {
  runs: RunRow[];
  live?: LiveRun;
}
/**
 * The training that is shown in full; another `serial` selects it again. `closed`: the server is read-only.
 */
export interface TrainingData {
  select: string;
  serial: number;
  closed: boolean;
}
