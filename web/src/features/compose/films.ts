// What a video of this device looks like, before the server knows it.

const patience = 8_000;

/** A picture out of it, as an object URL, with the size it is shown at. */
export async function still(film: Blob): Promise<{ preview: string; width: number; height: number }> {
  const video = document.createElement("video");
  const source = URL.createObjectURL(film);
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  try {
    video.src = source;
    await happened(video, "loadeddata");
    // The very first picture is often black.
    video.currentTime = Math.min(0.5, (Number.isFinite(video.duration) ? video.duration : 1) / 2);
    await happened(video, "seeked");
    const { videoWidth: width, videoHeight: height } = video;
    const scale = Math.min(1, 1080 / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!picture) throw new Error("no picture");
    return { preview: URL.createObjectURL(picture), width, height };
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(source);
  }
}

function happened(video: HTMLVideoElement, what: "loadeddata" | "seeked"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), patience);
    const end = (act: () => void) => () => {
      clearTimeout(timer);
      act();
    };
    video.addEventListener(what, end(resolve), { once: true });
    video.addEventListener(
      "error",
      end(() => reject(video.error ?? new Error("unplayable"))),
      { once: true },
    );
  });
}
