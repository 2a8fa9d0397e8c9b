// Gives a video element its stream: Safari plays HLS itself, elsewhere hls.js is fetched, and only then.

/** Plays nothing yet; returns what lets go of it again. */
export function attach(video: HTMLVideoElement, address: string, onFailed: () => void): () => void {
  if (playsItself(video)) {
    video.src = address;
    return () => {
      video.removeAttribute("src");
      video.load();
    };
  }
  let isOver = false;
  let end = () => {};
  import("hls.js").then(
    ({ default: Hls }) => {
      if (isOver) return;
      if (!Hls.isSupported()) {
        if (video.canPlayType(kind)) video.src = address;
        else onFailed();
        return;
      }
      // A feed shows many: a little is fetched ahead, and what was played is let go of.
      const hls = new Hls({
        maxBufferLength: 12,
        backBufferLength: 12,
        enableWorker: false,
        capLevelToPlayerSize: true,
      });
      hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
        if (!fatal) return;
        if (type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
        else onFailed();
      });
      hls.loadSource(address);
      hls.attachMedia(video);
      end = () => hls.destroy();
    },
    () => !isOver && onFailed(),
  );
  return () => {
    isOver = true;
    end();
  };
}

const kind = "application/vnd.apple.mpegurl";

/** Others claim to play HLS as well, yet without its separate sound. */
const playsItself = (video: HTMLVideoElement) => /apple/i.test(navigator.vendor) && video.canPlayType(kind) !== "";
