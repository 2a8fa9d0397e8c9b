// A wall of drawn plates beside the forms: there may be no public photo to show to who is not signed in.

/** What is on a plate: a light in the sky and two ridges of land or water before it. */
type Scene = { turn: string; tone: string; light: [x: number, y: number, r: number]; far: string; near: string };

const scenes: Scene[] = [
  {
    turn: "-rotate-3",
    tone: "text-[oklch(0.72_0.1_72)]",
    light: [64, 44, 9],
    far: "M0 84L26 58L44 74L66 46L100 80V125H0z",
    near: "M0 98Q30 82 58 96T100 92V125H0z",
  },
  {
    turn: "rotate-2",
    tone: "text-[oklch(0.8_0.06_82)]",
    light: [50, 66, 15],
    far: "M0 76H100V125H0z",
    near: "M0 92Q25 88 50 92T100 90V125H0z",
  },
  {
    turn: "-rotate-1",
    tone: "text-[oklch(0.62_0.08_60)]",
    light: [32, 38, 6],
    far: "M0 90Q50 60 100 88V125H0z",
    near: "M0 104H46V60L49 52L52 60V104H100V125H0z",
  },
  {
    turn: "rotate-3",
    tone: "text-[oklch(0.76_0.09_66)]",
    light: [72, 36, 5],
    far: "M0 96Q24 70 50 92T100 78V125H0z",
    near: "M0 110Q40 92 100 108V125H0z",
  },
  {
    turn: "-rotate-2",
    tone: "text-[oklch(0.7_0.05_80)]",
    light: [38, 52, 20],
    far: "M0 80L18 70L34 82L60 64L80 78L100 68V125H0z",
    near: "M0 96L30 88L64 98L100 86V125H0z",
  },
  {
    turn: "rotate-1",
    tone: "text-[oklch(0.66_0.1_64)]",
    light: [50, 46, 11],
    far: "M0 88H100V125H0z",
    near: "M22 92H78L70 100H30zM49 92V56L68 86H51V92z",
  },
];

export function Wall() {
  return (
    <div aria-hidden="true" className="relative hidden overflow-hidden bg-[oklch(0.19_0.008_65)] lg:block">
      <svg aria-hidden="true" className="absolute size-0">
        <defs>
          <radialGradient id="sky" cx="0.5" cy="0.4" r="0.75">
            <stop offset="0" stopColor="white" stopOpacity="0.45" />
            <stop offset="0.55" stopColor="white" stopOpacity="0" />
            <stop offset="0.55" stopColor="black" stopOpacity="0" />
            <stop offset="1" stopColor="black" stopOpacity="0.8" />
          </radialGradient>
        </defs>
      </svg>
      <div className="absolute inset-0 grid -rotate-6 scale-115 grid-cols-3 content-center gap-7 p-10">
        {scenes.map((scene) => (
          <Plate key={scene.far} scene={scene} />
        ))}
      </div>
    </div>
  );
}

function Plate({ scene: { turn, tone, light, far, near } }: { scene: Scene }) {
  const [x, y, r] = light;
  return (
    <svg
      viewBox="0 0 100 125"
      aria-hidden="true"
      className={`${turn} ${tone} [clip-path:polygon(7%_0,93%_0,100%_5.6%,100%_94.4%,93%_100%,7%_100%,0_94.4%,0_5.6%)]`}
    >
      <path d="M0 0H100V125H0z" fill="currentColor" />
      <circle cx={x} cy={y} r={r} fill="white" fillOpacity="0.6" />
      <path d={far} fill="oklch(0.3 0.03 60)" fillOpacity="0.45" />
      <path d={near} fill="oklch(0.2 0.02 60)" fillOpacity="0.75" />
      <path d="M0 0H100V125H0z" fill="url(#sky)" />
    </svg>
  );
}
