// Moves and zooms a picture behind a window of fixed shape. Straightening is ours: the picture turns about its middle and
// covers its frame, so that the window's place in the frame is the crop.
import Cropper from "react-easy-crop";
import "react-easy-crop/react-easy-crop.css";
import { useState } from "react";
import { useTranslation } from "../../../i18n";
import type { Crop } from "../edit";

type Props = {
  image: string;
  aspect: number;
  straighten?: number;
  /** Its share of enlargement by straightening. */
  cover?: number;
  zoom: number;
  onZoom: (zoom: number) => void;
  first: Crop | null;
  onCrop: (crop: Crop | null) => void;
  isRound?: boolean;
};

export default function Cutter({
  image,
  aspect,
  straighten = 0,
  cover = 1,
  zoom,
  onZoom,
  first,
  onCrop,
  isRound,
}: Props) {
  const { t } = useTranslation("edit");
  const [at, setAt] = useState({ x: 0, y: 0 });
  const [start] = useState(first && percents(first));
  return (
    <Cropper
      image={image}
      aspect={aspect}
      crop={at}
      zoom={zoom}
      maxZoom={8}
      keyboardStep={6}
      cropShape={isRound ? "round" : "rect"}
      showGrid={!isRound}
      transform={`translate(${at.x}px, ${at.y}px) rotate(${straighten}deg) scale(${zoom * cover})`}
      onCropChange={setAt}
      onZoomChange={onZoom}
      onCropComplete={(area) => onCrop(fractions(area))}
      {...(start ? { initialCroppedAreaPercentages: start } : {})}
      disableAutomaticStylesInjection
      mediaProps={{ alt: "" }}
      cropperProps={{ "aria-label": t("cropArea"), role: "application" }}
    />
  );
}

const percents = ({ x, y, width, height }: Crop): Crop => ({
  x: x * 100,
  y: y * 100,
  width: width * 100,
  height: height * 100,
});

/** Null where nothing is cut off. */
function fractions(area: Crop): Crop | null {
  const inside = (value: number, most = 1) => Math.min(Math.max(value / 100, 0), most);
  const [x, y] = [inside(area.x), inside(area.y)];
  const [width, height] = [inside(area.width, 1 - x), inside(area.height, 1 - y)];
  return width > 0.998 && height > 0.998 ? null : { x, y, width, height };
}
