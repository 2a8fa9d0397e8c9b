// The picture behind the window that cuts it.
import { lazy, Suspense } from "react";
import { Spinner } from "../../../ui/Spinner";
import { type Crop, coverOf, type Edit } from "../edit";
import { useFrameImage } from "../hooks/useFrameImage";
import type { Studio } from "../studio";
import { type Shape, shapes } from "./CropPanel";

const Cutter = lazy(() => import("./Cutter"));

type Props = {
  studio: Studio | undefined;
  edit: Edit;
  shape: Shape;
  zoom: number;
  onZoom: (zoom: number) => void;
  onCrop: (crop: Crop | null) => void;
};

export function CropStage({ studio, edit, shape, zoom, onZoom, onCrop }: Props) {
  const frame = useFrameImage(studio, edit);
  if (!frame) return <Waiting />;
  const aspect = shapes[shape] ?? frame.width / frame.height;
  return (
    <Suspense fallback={<Waiting />}>
      <Cutter
        key={`${frame.url} ${shape}`}
        image={frame.url}
        aspect={aspect}
        straighten={edit.straighten}
        cover={coverOf([frame.width, frame.height], edit.straighten)}
        zoom={zoom}
        onZoom={onZoom}
        first={edit.crop}
        onCrop={onCrop}
      />
    </Suspense>
  );
}

function Waiting() {
  return (
    <div className="absolute inset-0 grid place-items-center">
      <Spinner />
    </div>
  );
}
