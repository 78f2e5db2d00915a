import { View } from "../page/view";
import { button, h, messageOf } from "../ui/dom";
import { bring, fileOf } from "./bring";
import { Camera } from "./camera";
import { type Easel, SIDE } from "./easel";

const HERE = "Or paste or drop a picture. Nothing of it leaves this browser.";

/** The ways in beside drawing: a file, paste, drop and the camera, all onto an easel. */
export class Sources extends View {
  readonly root: HTMLElement;
  private readonly said = h("p", { className: "hint said", role: "status" }, HERE);
  private readonly camera = new Camera((video) => this.easel.load(video, video.videoWidth, video.videoHeight, true));
  private readonly cameraButton = button("Camera", () => void this.toggle(), "show the camera's picture to the model, live");

  /** `area` takes what is dropped; `more` are further buttons. */
  constructor(private readonly easel: Easel, area: HTMLElement, ...more: HTMLElement[]) {
    super();
    const file = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp", className: "file", "aria-label": "picture file" });
    file.addEventListener("change", () => {
      if (file.files?.[0]) void this.take(file.files[0]);
      file.value = ""; // the same file may be chosen again
    });
    this.root = h(
      "div",
      { className: "sources" },
      h("div", { className: "actions" }, button("File…", () => file.click(), "choose a picture file"), this.cameraButton, ...more, file),
      this.said,
    );
    const paste = (event: ClipboardEvent) => {
      const found = fileOf(event.clipboardData);
      if (!found || !this.root.checkVisibility()) return;
      event.preventDefault();
      void this.take(found);
    };
    document.addEventListener("paste", paste);
    this.onDispose(() => document.removeEventListener("paste", paste), () => this.camera.stop());
    this.receive(area);
  }

  /** Show why something did not work, or what is worth knowing. */
  say(sentence: string, wrong = false): void {
    this.said.textContent = sentence || HERE;
    this.said.classList.toggle("wrong", wrong);
  }

  /** The camera's last frame stays. */
  freeze(): void {
    if (!this.camera.running) return;
    this.camera.stop();
    this.cameraButton.textContent = "Camera";
    this.cameraButton.setAttribute("aria-pressed", "false");
  }

  private async take(file: Blob): Promise<void> {
    this.freeze();
    try {
      const { bitmap, note } = await bring(file, SIDE, SIDE);
      this.easel.load(bitmap, bitmap.width, bitmap.height);
      bitmap.close();
      this.say(note);
    } catch (error) {
      this.say(messageOf(error), true);
    }
  }

  private async toggle(): Promise<void> {
    if (this.camera.running) return this.freeze();
    this.say("");
    try {
      await this.camera.start();
      this.cameraButton.textContent = "Freeze";
      this.cameraButton.setAttribute("aria-pressed", "true");
    } catch (error) {
      this.say(messageOf(error), true);
    }
  }

  private receive(area: HTMLElement): void {
    const over = (event: DragEvent, on: boolean) => {
      event.preventDefault();
      area.classList.toggle("receiving", on);
    };
    area.addEventListener("dragover", (event) => over(event, true));
    area.addEventListener("dragleave", (event) => over(event, false));
    area.addEventListener("drop", (event) => {
      over(event, false);
      const found = fileOf(event.dataTransfer);
      if (found) void this.take(found);
      else this.say("What was dropped is no file; save the picture first, then drop that.", true);
    });
  }
}
