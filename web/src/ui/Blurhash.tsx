import { decode, isBlurhashValid } from "blurhash";

type Props = { hash: string; width?: number | null; height?: number | null; className?: string };

/** The blurred hint of a picture, drawn with the first paint at the ratio that the picture will have. */
export function Blurhash({ hash, width, height, className }: Props) {
  const longer = Math.max(width ?? 1, height ?? 1);
  const across = Math.max(1, Math.round((32 * (width ?? 1)) / longer));
  const down = Math.max(1, Math.round((32 * (height ?? 1)) / longer));
  const draw = (canvas: HTMLCanvasElement | null) => {
    const context = canvas?.getContext("2d");
    if (!context || !isBlurhashValid(hash).result) return;
    const image = context.createImageData(across, down);
    image.data.set(decode(hash, across, down));
    context.putImageData(image, 0, 0);
  };
  return <canvas key={hash} ref={draw} width={across} height={down} className={className} />;
}
