import type { LeadIn } from "@bellwether/contracts/leads";

/** Numbers that look random and are the same every time. */
export type Dice = ReturnType<typeof newDice>;

export function newDice(seed: number) {
  let state = seed;
  // mulberry32: small, fast, and good enough for people who don't exist.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    chance: (probability: number): boolean => next() < probability,
    between: (least: number, most: number): number => least + Math.floor(next() * (most - least + 1)),
    pick: <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0],
    some: <T>(list: readonly T[], most: number): T[] => {
      const count = Math.floor(next() * (most + 1));
      return list.filter(() => next() < (count * 1.4) / list.length).slice(0, count);
    },
  };
}

interface Place {
  country: string;
  language: string;
  cities: readonly [[city: string, time_zone: string], ...[city: string, time_zone: string][]];
  /** From ranges that the countries keep free for films and examples, another for each of 5,000 people; null: no such range. */
  phone: ((number: number) => string) | null;
  first: readonly [string, ...string[]];
  last: readonly [string, ...string[]];
}

const AREAS = "201 202 203 205 206 207 208 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315".split(" ");
/** `number` spread over ranges of `size` numbers each. */
const within = (ranges: readonly string[], size: number, number: number): string =>
  `+${ranges[Math.floor(number / size) % ranges.length] ?? ""}${String(number % size).padStart(String(size - 1).length, "0")}`;

const places: readonly [Place, ...Place[]] = [
  {
    country: "United States", language: "en",
    cities: [["Boston", "America/New_York"], ["Austin", "America/Chicago"], ["Denver", "America/Denver"], ["Seattle", "America/Los_Angeles"], ["Chicago", "America/Chicago"], ["New York", "America/New_York"]],
    phone: (number) => within(AREAS.map((area) => `1${area}55501`), 100, number),
    first: ["Olivia", "Noah", "Emma", "Liam", "Ava", "Ethan", "Sophia", "Mason", "Grace", "Caleb", "Naomi", "Jordan", "Maya", "Tyler", "Zoe", "Marcus"],
    last: ["Carter", "Nguyen", "Brooks", "Hernandez", "Reed", "Patel", "Sullivan", "Washington", "Kim", "Foster", "Rivera", "Bennett", "Coleman", "Park", "Hayes", "Ortiz"],
  },
  {
    country: "United Kingdom", language: "en",
    cities: [["London", "Europe/London"], ["Leeds", "Europe/London"], ["Bristol", "Europe/London"], ["Glasgow", "Europe/London"]],
    phone: (number) => within(["442079460", "441214960", "441134960", "441614960", "441314960"], 1000, number),
    first: ["Amelia", "Oliver", "Isla", "Harry", "Freya", "Arjun", "Poppy", "Callum", "Imogen", "Rhys", "Aisha", "Fergus"],
    last: ["Whitfield", "Khan", "Ashworth", "MacLeod", "Hughes", "Okafor", "Pemberton", "Shah", "Barnes", "Lennox", "Doyle", "Sutton"],
  },
  {
    country: "Germany", language: "de",
    cities: [["Berlin", "Europe/Berlin"], ["Hamburg", "Europe/Berlin"], ["München", "Europe/Berlin"], ["Köln", "Europe/Berlin"], ["Leipzig", "Europe/Berlin"]],
    phone: (number) => within(["493023125", "496990009", "494066969", "492214710", "498999998"], 1000, number),
    first: ["Lena", "Jonas", "Mia", "Lukas", "Jürgen", "Anna", "Felix", "Käthe", "Emre", "Sophie", "Björn", "Clara", "Yusuf", "Greta"],
    last: ["Müller", "Schäfer", "Yılmaz", "Weber", "Köhler", "Brandt", "Vogel", "Großmann", "Lindner", "Öztürk", "Haas", "Kowalski"],
  },
  {
    country: "France", language: "fr",
    cities: [["Paris", "Europe/Paris"], ["Lyon", "Europe/Paris"], ["Nantes", "Europe/Paris"], ["Toulouse", "Europe/Paris"]],
    phone: null,
    first: ["Chloé", "Hugo", "Léa", "Théo", "Inès", "Jérôme", "Camille", "François", "Amandine", "Mathis", "Zélie", "Karim"],
    last: ["Lefèvre", "Moreau", "Garnier", "Benali", "Château", "Dupuis", "Rousseau", "Faure", "Marchand", "Diallo"],
  },
  {
    country: "Spain", language: "es",
    cities: [["Madrid", "Europe/Madrid"], ["Valencia", "Europe/Madrid"], ["Sevilla", "Europe/Madrid"]],
    phone: null,
    first: ["Lucía", "Mateo", "Sofía", "Álvaro", "Carmen", "Iñaki", "Nuria", "Diego"],
    last: ["García", "Muñoz", "Ibáñez", "Navarro", "Ortega", "Peña", "Vidal", "Romero"],
  },
  {
    country: "Japan", language: "ja",
    cities: [["Tokyo", "Asia/Tokyo"], ["Osaka", "Asia/Tokyo"]],
    phone: null,
    first: ["Haruto", "Yui", "Ren", "Sakura", "Kaito", "Aoi"],
    last: ["Tanaka", "Sato", "Suzuki", "Watanabe", "Kobayashi", "Mori"],
  },
];

const industries = ["SaaS", "Manufacturing", "Retail", "Healthcare", "Education", "Logistics", "Finance", "Hospitality"] as const;
const starts = ["North", "Blue", "Silver", "Green", "Bright", "Iron", "Clear", "High", "Swift", "Open", "Stone", "Golden", "Quiet", "River", "Summit", "Harbour"] as const;
const ends = ["field", "line", "works", "bridge", "gate", "lake", "path", "forge", "light", "wood", "point", "crest", "mill", "side", "port", "peak"] as const;
const kinds = ["", " Systems", " Labs", " & Co", " Group", " Health", " Foods", " Logistics", " Studio", " Partners"] as const;
const titles = ["Head of Marketing", "Sales Manager", "Founder", "Operations Lead", "CFO", "IT Manager", "Office Manager", "Product Manager", "CEO", "Purchasing Lead", "Growth Lead", "Consultant"] as const;
const sources = ["website", "website", "website", "referral", "trade fair", "webinar", "newsletter", "partner", "cold call"] as const;
const tags = ["vip", "webinar spring", "trade fair", "newsletter", "pilot", "price-sensitive", "renewal", "partner"] as const;
const interests = ["automation", "reporting", "integrations", "mobile", "security"] as const;

export const demoFields = [
  { key: "industry", label: "Industry", type: "choice", options: industries.map((label) => ({ value: label, label })) },
  { key: "employees", label: "Employees", type: "number" },
  { key: "budget", label: "Yearly budget", type: "money" },
  { key: "website", label: "Website", type: "url" },
  { key: "interests", label: "Interests", type: "choices", options: interests.map((label) => ({ value: label, label })) },
  { key: "uses_competitor", label: "Uses a competitor", type: "yes_no" },
  { key: "renewal_on", label: "Contract renews on", type: "date" },
] as const;

const plain = (text: string): string => text.normalize("NFKD").replaceAll("ß", "ss").replaceAll("ı", "i").replace(/[^\w ]/g, "").toLowerCase().trim().replaceAll(/ +/g, "-");

/** A person who could exist. `number` makes the address one of a kind, as namesakes get one in life. */
export function person(d: Dice, number: number): LeadIn {
  const place = d.pick([places[0], places[0], places[1] ?? places[0], ...places]);
  const [city, time_zone] = d.pick(place.cities);
  const [first_name, last_name] = [d.pick(place.first), d.pick(place.last)];
  const company = `${d.pick(starts)}${d.pick(ends)}${d.pick(kinds)}`;
  const domain = `${plain(company)}.example`;
  return {
    email: `${plain(first_name)}.${plain(last_name)}${number}@${domain}`,
    first_name,
    last_name,
    company,
    job_title: d.pick(titles),
    phone: place.phone !== null && d.chance(0.35) ? place.phone(number) : null,
    source: d.pick(sources),
    country: place.country,
    city,
    time_zone,
    language: place.language,
    attributes: {
      industry: d.pick(industries),
      employees: d.pick([5, 12, 30, 60, 120, 250, 600, 1500, 4000]),
      ...(d.chance(0.5) ? { budget: d.between(2, 120) * 500 } : {}),
      ...(d.chance(0.7) ? { website: `https://www.${domain}` } : {}),
      ...(d.chance(0.6) ? { interests: d.some(interests, 3) } : {}),
      ...(d.chance(0.5) ? { uses_competitor: d.chance(0.4) } : {}),
      ...(d.chance(0.3) ? { renewal_on: `2027-${String(d.between(1, 12)).padStart(2, "0")}-${String(d.between(1, 28)).padStart(2, "0")}` } : {}),
    },
    tags: d.some(tags, 2),
  };
}

/** How far a lead has come: most are new, few are won. */
export function laterStage(d: Dice): string | null {
  return d.pick([null, null, null, "contacted", "contacted", "contacted", "qualifying", "qualifying", "qualified", "follow_up", "converted", "lost"]);
}

export const notes = [
  "Asked for a demo with the whole team. Wants to see <b>imports</b> first.",
  "Budget is decided in the next quarter; call again at the beginning of it.",
  "Compares us with two others. Price matters less than support.",
  "Left a voicemail, will try again on Thursday.",
  "Very happy with the trial. Needs an offer for 25 seats.",
  "Currently on paper and spreadsheets. Migration is the main worry.",
  "Met at the trade fair, short talk at the booth. Send the brochure.",
  "Not the one who decides; introduced us to the head of operations.",
] as const;
