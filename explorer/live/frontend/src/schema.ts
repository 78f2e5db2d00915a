// What Python and the browser exchange, made from schema.json by `npm run build`. Do not edit.

export type ViewName = "explore" | "traverse" | "walk";
export type Tool = "sliders" | "walk" | "image" | "directions" | "exchange";
export type PathKind = "linear" | "spherical";
export type SamplesTab = "codes" | "rebuilt" | "line";
export type NoiseKind = "none" | "gaussian" | "masking" | "salt-and-pepper";
export type Span = "own" | "prior";
export type CompareTab = "columns" | "ladder" | "factors" | "two-way";
export type PlaneKind = "pca" | "dimensions";
export type RunState = "waiting" | "running" | "paused" | "stopped" | "done" | "failed";
export type LessonKind = "restore" | "random" | "holes" | "draws" | "tug" | "ladder" | "rotate" | "inside" | "compression" | "water";
export type Entry = "stage" | "samples" | "compare" | "lessons" | "replay";

/**
 * What a click on the Train page asks for; `epoch` is where a branch begins, `model` whether the model goes too,
 * `beta` the β to turn to.
 */
export interface Act {
  do: "pause" | "stop" | "resume" | "delete" | "open" | "branch" | "turn";
  run: string;
  epoch?: number;
  model?: boolean;
  beta?: number;
}
/**
 * What a model of a range of β is at each of `betas`, which rise at equal distances of log β: the mean KL per
 * dimension in nats, the variance of the posterior means, and the distortion in nats per image.
 *
 * `error` is how far interpolated codes lie at most from exact ones, in standard deviations of the prior.
 */
export interface BetaRange {
  betas: number[];
  rate: number[][];
  variance: number[][];
  distortion: number[];
  error: number;
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
 * Discrete codes: `tokens` of `words` words of `size` numbers, on a grid of `side` tokens to each side or on none.
 *
 * `levels` are those of FSQ; `title` says what they are made of. `shared` says whether all tokens speak of the same
 * words. `entropy` is that of the words, token by token, in nats per image; `perplexity` and `used` see
 * `explorer.latents.vocabulary.Usage`, over the stored images.
 */
export interface Code {
  kind: "categorical" | "binary" | "fsq" | "vq";
  tokens: number;
  words: number;
  size: number;
  side: number;
  levels?: number[];
  title: string;
  shared: boolean;
  entropy: number;
  perplexity: number;
  used: number;
}
/**
 * A quantity that colours codes; `names` are the names of its categories, `colours` theirs where they have some.
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
  words: WordsRate[];
  state: CompareState;
}
/**
 * For each dimension of the reference model: the matching dimension of another model, and the sign and size of
 * their correlation.
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
 * `elbo`, `distortion` and `totalRate` are nats per test image; `sprites` says whether the page can draw and encode
 * any sprite.
 */
export interface ComparedModel {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  betaRange?: BetaRange;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  factors?: FactorDimensions[];
  classes?: number;
  code?: Code;
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
 * The dimensions, from 0, that say most of a factor, and the share of pairs in which exactly it changes when they
 * are exchanged, or the part along the line between class means; null where that has not been measured.
 */
export interface FactorDimensions {
  factor: string;
  dimensions: number[];
  exact?: number;
  exactMeans?: number;
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
 * Centre `(d,)` and two orthonormal directions `(2·d,)` of a linear projection; absent if it has no inverse.
 */
export interface Projection {
  key: string;
  label: string;
  axes: [string, string];
  mean?: number[];
  components?: number[];
}
/**
 * A model of discrete codes of the same images, which no slider drives, by what it costs and restores: nats per
 * image. `rate` is KL(q‖p) for uniform words, `learned` for its autoregressive prior, where it has one.
 */
export interface WordsRate {
  title: string;
  rate: number;
  learned?: number;
  distortion: number;
}
/**
 * `reference` is the model whose dimensions the sliders are, `rank` the traversed dimension in order of strength,
 * `image` the test image that the sliders start from, `offset` the distance of each dimension from there, `rows` the
 * first reconstructed image, `at` the position on the ladder, `sprite` the factors of the drawn sprite, `rotation` a
 * model, two of its dimensions, and degrees, `betas` one β per model, 0 for its default.
 */
export interface CompareState {
  tab?: CompareTab;
  reference?: number;
  rank?: number;
  image?: number;
  seed?: number;
  rows?: number;
  offset?: number[];
  at?: number;
  plane?: PlaneKind;
  colour?: string;
  factor?: number;
  sprite?: number[];
  rotation?: number[];
  betas?: number[];
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
 *
 * own: whether they can be edited, and are kept in the browser. restores: whether the page asks for those that the
 * browser keeps.
 */
export interface DeckData {
  title: string;
  scenes: DeckScene[];
  own?: boolean;
  restores?: boolean;
}
/**
 * A view with words to it: `entry` is the bundle that shows it, `data` what that bundle is given. `notes` are for
 * the speaker, `source` is what it was made from, in a deck that can be edited.
 */
export interface DeckScene {
  entry: Entry;
  data: {
    [k: string]: unknown;
  };
  caption: string;
  notes?: string;
  source?: SceneSource;
}
/**
 * A scene as `explorer.live.scenes.Scene` has it.
 */
export interface SceneSource {
  page: string;
  address: {
    [k: string]: string;
  };
  caption: string;
  notes: string;
}
/**
 * A direction of a visitor's own: from group `b` to group `a` of test images by `method`, or else a `vector`.
 *
 * The browser finds all else. The one without a name is being made.
 */
export interface Direction {
  name?: string;
  a?: string;
  b?: string;
  method?: "means" | "probe";
  vector?: number[];
}
/**
 * A click that saves a direction with the checkpoint, or deletes the saved one of its name.
 */
export interface DirectionAct {
  do: "save" | "delete";
  direction: Direction;
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
 * A figure for the stage; all but the tug of war are drawn with images of `models`, which `titles` name. `rows` are
 * the test images that it begins with, `seed` that of its random codes, `first` the first restored image as base64 of
 * its bytes. `points` and the first `level` are those of the water level.
 */
export interface LessonData {
  kind: LessonKind;
  models?: Model[];
  titles?: string[];
  rows?: number[];
  seed?: number;
  first?: string;
  points?: RatePoint[];
  level?: number;
}
/**
 * A checkpoint. `base` is the address of its files, relative to the app's root; it ends in a slash.
 *
 * `imageShape` is channels, height, width; `rate` the mean KL per dimension in nats, null for a plain autoencoder;
 * `names` the main factor of each dimension, as "x position, 81 %", where it has been measured, and
 * `factors` the dimensions of each factor. `beta` is null for a
 * plain autoencoder; `diagonal` says whether q(z|x) has independent dimensions. Without `vision` there is no encoder.
 * A model of a range of β has a `betaRange`, and `beta` is its default; a conditional model is given one of `classes`;
 * one of discrete codes has a `code`.
 */
export interface Model {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  betaRange?: BetaRange;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  factors?: FactorDimensions[];
  classes?: number;
  code?: Code;
  vision?: Vision;
  labelNames: string[];
  columns: Column[];
  projections: Projection[];
}
/**
 * A trained model in the plane of rate, in nats per image, and squared error per image, of a draw from each
 * posterior. `active` is how many of its dimensions are.
 */
export interface RatePoint {
  title: string;
  distortion: number;
  rate: number;
  active: number;
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
 * The name and meaning of a number in a report; a `share` lies between 0 and 1.
 */
export interface Measure {
  label: string;
  about: string;
  share: boolean;
}
/**
 * The range of the sliders: `k` standard deviations of the prior to each side, or the range of the data's codes.
 */
export interface RangeChoice {
  kind: "prior" | "data";
  k: number;
}
/**
 * How models correspond: `matches[reference][other]`, and the principal plane of each model.
 */
export interface Relations {
  matches: Match[][];
  planes: FlatPlane[];
}
/**
 * A model, and of what kind it is.
 */
export interface Relative {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  betaRange?: BetaRange;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  factors?: FactorDimensions[];
  classes?: number;
  code?: Code;
  vision?: Vision;
  labelNames: string[];
  columns: Column[];
  projections: Projection[];
  title: string;
}
/**
 * Models of the same images, one of each kind, that an image can go through one after the other.
 */
export interface Relatives {
  models: Relative[];
}
/**
 * The replay of a training alone.
 */
export interface ReplayData {
  run: string;
}
/**
 * The parts of a stored sample-quality report that the page shows; `space` names the feature space of distances.
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
 * The report of one model and one source, the progress of its job, or why there is none: an `error`, or the
 * reason why scoring is `disabled` on this server.
 */
export interface ReportStatus {
  report?: Report;
  fraction?: number;
  message?: string;
  error?: string;
  disabled?: string;
}
/**
 * How one training stands. `place` is how many come before it while it waits, `model` whether its model is saved,
 * and can be explored, `bytes` what its snapshots take on disk. `turns` has the epochs at which β was turned by hand,
 * and to what; it is missing where β cannot be turned.
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
  turns?: [number, number][];
}
/**
 * `images` is equal for two models if and only if their codes are of the same images; nats under different
 * `likelihood`s are not comparable; `denoises` describes the noise that the model was trained to remove;
 * `real` says whether the network that measures the distance to real images is available.
 */
export interface SampledModel {
  name: string;
  base: string;
  latentSize: number;
  imageShape: [number, number, number];
  body: "mlp" | "conv" | "residual";
  count: number;
  beta: number | null;
  betaRange?: BetaRange;
  diagonal: boolean;
  rate: number[] | null;
  variance: number[];
  names?: string[];
  factors?: FactorDimensions[];
  classes?: number;
  code?: Code;
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
 * A distribution from which codes are drawn.
 */
export interface Source {
  key: string;
  label: string;
}
export interface SamplesData {
  models: SampledModel[];
  state: SamplesState;
  numbers: {
    [k: string]: ReportStatus;
  }[];
  measures: {
    [k: string]: Measure;
  };
}
/**
 * `sources` has one kind per model, `image` is the row to sample around, `level` the noise from 0 to 1, `at` the
 * position on the line of a one-dimensional latent space, `span` the range of that line, `betas` one β per model, 0
 * for its default, `label` the class that conditional models draw; without it, all in turn.
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
  betas?: number[];
  label?: number;
}
/**
 * A model of one β beside a model of a range; rate and distortion in nats per image.
 */
export interface Sibling {
  name: string;
  beta: number;
  rate: number;
  distortion: number;
}
export interface Siblings {
  models: Sibling[];
}
/**
 * The last snapshot as the stage knows a model, and all of them.
 */
export interface SnapshotList {
  model: Model;
  snapshots: SnapshotRow[];
}
/**
 * A moment of a training; `test` is its validation loss, `branch` whether a new training can begin there.
 */
export interface SnapshotRow {
  epoch: number;
  base: string;
  test: number | null;
  branch: boolean;
}
/**
 * `first` is the first image as base64 of its bytes (C, H, W), shown until the decoder is ready; `saved` are the
 * directions saved with the checkpoint, `writes` says whether others can be.
 */
export interface StageData {
  view: ViewName;
  model: Model;
  state: StageState;
  first?: string;
  saved?: Direction[];
  writes?: boolean;
}
/**
 * `z` is the current code, `a` and `b` the ends of the walk, `selected` the row of the test image whose code z is.
 *
 * `tokens` stands for z where that is a grid of words.
 * `hidden` lists the hidden classes by number; `plane` shows the decoded plane behind the points; `inside` opens the
 * computation for the present image. `beta` is that of a model of a range, at its default without it; `label` is the
 * class that a conditional model is given; `directions` are the visitor's own, `operands` the rows of the images of
 * a − b + c. `pair` are the rows of A and B of an exchange, `taken` what comes from B and `blend` how much of it;
 * `gridA` and `gridB` are the rows of the images of its grid.
 */
export interface StageState {
  z?: number[];
  tokens?: number[];
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
  inside?: boolean;
  beta?: number;
  label?: number;
  directions?: Direction[];
  operands?: number[];
  pair?: number[];
  taken?: string[];
  blend?: number;
  gridA?: number[];
  gridB?: number[];
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
