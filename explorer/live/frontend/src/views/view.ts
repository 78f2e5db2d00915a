export interface View {
  readonly root: HTMLElement;
  dispose(): void;
}
