/** Frames of the camera, which go nowhere but to `show`. */
export class Camera {
  private stream: MediaStream | null = null;
  private readonly video = document.createElement("video");
  private frame = 0;
  private wanted = 0;

  constructor(private readonly show: (frame: HTMLVideoElement) => void) {
    this.video.muted = this.video.playsInline = true;
  }

  get running(): boolean {
    return this.stream !== null;
  }

  /** Ask for the camera and show its frames. Rejects with a sentence where there is none, or it is not allowed. */
  async start(): Promise<void> {
    const turn = ++this.wanted;
    const stream = await open();
    if (turn !== this.wanted) return stop(stream); // it was closed while the browser asked
    this.stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
    const next = () => {
      if (!this.stream) return;
      if (this.video.videoWidth) this.show(this.video);
      this.frame = requestAnimationFrame(next);
    };
    next();
  }

  stop(): void {
    this.wanted++;
    cancelAnimationFrame(this.frame);
    if (this.stream) stop(this.stream);
    this.stream = this.video.srcObject = null;
  }
}

const stop = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop());

async function open(): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new Error("The browser gives the camera to secure pages only: open this one at localhost or by HTTPS.");
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 640 } } });
  } catch (error) {
    const refused = (error as DOMException).name === "NotAllowedError";
    throw new Error(refused ? "The camera was not allowed; allow it in the browser's address bar and try again." : "There is no camera that this page can use.");
  }
}
