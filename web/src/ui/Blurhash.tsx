import { decode, isBlurhashValid } from "blurhash";

/** The blurred hint of a picture, drawn with the first paint. */
export function Blurhash({ hash, className }: { hash: string; className?: string }) {
  const draw = (canvas: HTMLCanvasElement | null) => {
    const context = canvas?.getContext("2d");
    if (!context || !isBlurhashValid(hash).result) return;
    const image = context.createImageData(24, 24);
    image.data.set(decode(hash, 24, 24));
    context.putImageData(image, 0, 0);
  };
  return <canvas key={hash} ref={draw} width={24} height={24} className={className} />;
}
