// Projects the Natural Earth boundaries of world-atlas (public domain) to Equal Earth and writes one SVG path a state.
// Usage: npm ci --ignore-scripts && node build.mjs   Writes ../../src/forefend/chart/boundaries/{world,regions}.json
import { readFileSync, writeFileSync } from "node:fs";
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const WIDTH = 1000;
const numbers = new Map(readFileSync("../../src/forefend/places/data/states.csv", "utf8").split("\n")
  .filter((line) => line && !line.startsWith("#")).map((line) => line.split(",")).filter((cells) => cells[0] !== "iso3")
  .map((cells) => [String(cells[2]).padStart(3, "0"), cells[0]]));
// De facto areas that carry no ISO code in this set; drawn hatched, never coloured.
const NO_CODE = { "N. Cyprus": "-NCY", Somaliland: "-SOL" };

// Whole steps from point to point are half as long as places: "Mx,yldx,dy dx,dyz".
function stepped(d) {
  return [...d.matchAll(/M([^MZ]+)Z/g)].map(([, ring]) => {
    let [x, y] = [0, 0];
    const steps = ring.split("L").map((point) => {
      const [px, py] = point.split(",").map(Number);
      const step = [px - x, py - y];
      [x, y] = [px, py];
      return step;
    });
    const [first, ...rest] = steps.filter(([dx, dy], n) => n === 0 || dx || dy);
    return rest.length < 2 ? "" : `M${first}l${rest.map((step) => step.join(",")).join(" ")}z`;
  }).join("");
}

function build(file, { digits, scale, leaveOut, isStepped }) {
  const topology = JSON.parse(readFileSync(`node_modules/world-atlas/${file}`, "utf8"));
  const world = feature(topology, topology.objects.countries);
  world.features = world.features.filter((f) => !leaveOut.has(f.properties.name));
  const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(WIDTH * scale, world);
  const path = geoPath(projection).digits(digits);
  const [[x0, y0], [x1, y1]] = path.bounds(world);
  const shapes = {};
  for (const f of world.features) {
    const name = f.properties.name;
    const code = name === "Kosovo" ? "XKX" : NO_CODE[name] ?? numbers.get(f.id) ?? `-${name}`;
    const d = isStepped ? stepped(path(f) ?? "") : path(f);
    if (!d) continue;
    const [[a, b], [c, e]] = path.bounds(f);
    const [cx, cy] = path.centroid(f);
    const box = [a, b, c, e].map((v) => Math.round(v * 10) / 10);
    if (shapes[code]) shapes[code].d += d;
    else shapes[code] = { d, box, at: [Math.round(cx * 10) / 10, Math.round(cy * 10) / 10] };
  }
  return { source: `Natural Earth 4.1 through world-atlas 2.0.2, ${file}; de facto lines`, projection: "Equal Earth, central meridian 11 E",
    view: [x0, y0, x1 - x0, y1 - y0].map((v) => Math.round(v * 10) / 10), shapes };
}

const out = "../../src/forefend/chart/boundaries";
const leaveOut = new Set(["Antarctica"]);
const sets = {
  world: build("countries-110m.json", { digits: 1, scale: 1, leaveOut, isStepped: false }),
  regions: build("countries-50m.json", { digits: 0, scale: 40, leaveOut, isStepped: true }),
};
for (const [name, set] of Object.entries(sets)) writeFileSync(`${out}/${name}.json`, JSON.stringify(set) + "\n");
