/** Returns the tokens of a code unit of UTF-16 that is not of ASCII. */
export function unitCost(code: number): number {
  return COSTS[code] as number;
}

/*
 * The vocabularies of GPT (`o200k`, `cl100k`) were built from bytes of UTF-8. A character that they do not have costs a
 * token for each byte, less where its first two bytes are one. The lists are measured: they hold for the vocabulary that
 * needs more.
 */

/** Characters of one token. */
const SINGLE = [
  "\u0080\u0092\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¹º»¼½¾¿ÀÁÂÃÄÇÉÍÎÐÑÓÖ×ÚÜßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýāăąćčĐđēęěğ",
  "īİıłńōőœřśşšţťūůűźżžơưșțəɵ\u0300\u0301άέήίαβγδεηθικλμνοπρςστυφχωόЂАБВГДЕЗИКЛМНОПРСТУФЦЧЭЯабвгдежзийклмнопрстуф",
  "хцчшщъыьэюяёі\u05d0\u05d1\u05d3\u05d4\u05d5\u05d7\u05d9\u05dc\u05de\u05e0\u05e2\u05e8\u05e9\u05ea\u060c\u0623",
  "\u0625\u0627\u0628\u0629\u062a\u062b\u062c\u062d\u062e\u062f\u0630\u0631\u0632\u0633\u0634\u0635\u0636\u0637",
  "\u0638\u0639\u063a\u0641\u0642\u0643\u0644\u0645\u0646\u0647\u0648\u0649\u064a\u064e\u064f\u0650\u0651\u0652",
  "\u067e\u06a9\u06af\u06cc\u0902कतनपमरलसह\u093e\u093f\u0940\u0941\u0947\u094b\u094dনর\u09be\u09bf\u09c7\u09cd",
  "\u0bbf\u0bc1\u0bcd\u0d4dกขคงจชณดตถทนบปผพมยรลวสหอะ\u0e31าำ\u0e34\u0e35\u0e37\u0e38\u0e39เแใไ\u0e47\u0e48\u0e49",
  "\u0e4c\u17b6ạảấầẩậắặếềểệỉịọỏốồổỗộớờởợụủứửữự\u200b\u200c\u200e‐‑–—―‘’‚“",
  "”„†•…‰′″›※₂€™←↑→↓−─━│═║╗╝█░■►●★☆☴♀♥♪✔⠀\u3000、。《》「」『』【】〜あいう",
  "えおかがきくけこごさざしじすせそただちっつてでとどなにのはばまみめもやよらりるれろわをんアィイウェエオカキクグ",
  "コサシジスズセタダチッテデトドナニバパビピフブプペポマムメャュョラリルレロン・ー一万三上下不与专业东两个中串为",
  "主么义之也书了事二于五些交产享京人亿今介从他付代以们件价任份企优会传但位体何余作你使例供価保信修倍值停像元先入",
  "全公共关其具内円册再写出击分列则初利别到制前力功加务动動包化北区十午华单南即历原去县参及友反发取变口只可台右号",
  "司合同名后向否含听启告员周命和品哈商問器四回因国图土在地场址型城基報場填增声处备复外多大天失头女好如始子字存学",
  "安宋完定实审客家容密对导将小少尔就局展山岁州工左已市布常平年并广序库应店度建开异式引张当录形影径待後得微心必志",
  "态思性总息您情意感成我或户所手打找技投报拉持指按换据排接推提播支收改放政效数整文料断新方族无日时明易星是時景更",
  "最月有服期木未本机权束条来板构析果查标样核格案检模次款止正此步歳段每比民気水求江汽没治法注活流海消清游源火点無",
  "然片版物特率环现球理生用由电男画界番登的监目直相省看県真知码确示社票私种科秒称移程稍税稿空立站章端笑符第等签简",
  "算管箱米类系素索约级线组经结给络统编网置美老考者而联能自至色节英藏行表装西要見见规视角解言計記話読计认议记论设",
  "证评试话询该详语误说请读调象责败账货购费资起超路身车转软载辑输达过运近还这进连述退送选通速造連道邮部都配释里重",
  "量金钟钮链销错键长開間関门闭问间队阳陆限院除雅集雷需非面音页项预频题额首验高黑가간값개거게결경고공과구그글기나",
  "내는능니다당대도동되된드든들디라래러력로록료류른를름리만메면명목문미버번보복부분비사산상색생서성세션소수스습시",
  "식신아야어에여열오와요용우운원위으은을음의이인일임입자작장재적전정제져조주지진째체출치크태터턴트튼하한할함해호",
  "화환회\ufe0f！（），－．／０１２３４５６７８９：；＞？＾～･￥\ufffd",
].join("");

/** Pages of 64 characters, from and to, whose first two bytes of three are one token. */
const PAGES_OF_TWO = [
  "900-ac0 b80-e80 f00-f40 1000 10c0 1780-17c0 1e80-1ec0 2000-2080 2100-2180 2200-2240 2440 2500-2640 2700-2780",
  "3000-30c0 3140 4e00-5040 50c0 5140-5440 54c0-5580 56c0-5740 57c0-5940 59c0 5b40-5c80 5dc0-6040 60c0-6100",
  "6200-63c0 6440-6480 6500-6840 68c0 6940 6b00-6f00 7040 7100 7200-7240 7380-7400 7500-7540 7640-7740 7840-7880",
  "7900-7bc0 7c40-7c80 7d00-7d40 7e80-7f80 8000-80c0 81c0-8340 83c0-8400 8640 8840-88c0 8980-8a80 8b40-8dc0",
  "8f40-90c0 91c0 9300 9480-9740 9800-98c0 9980 9a40 9ec0 9f80 ac00-acc0 ad40 adc0-ae40 b080 b100-b140 b280-b2c0",
  "b340 b3c0-b400 b4c0-b500 b780-b840 b8c0 b940-b9c0 ba40-ba80 bbc0-bc00 bc80-bcc0 bd80 be00 c080-c180 c280-c2c0",
  "c540-c780 c800 c900 c980-c9c0 cc00 cc80 cd80 ce40 d040 d0c0-d100 d280 d300 d540 d600-d640 fe00 ff00-ffc0",
].join(" ");

/** Letters that make up most of a text in Russian, Ukrainian or Bulgarian: words of them are few tokens. */
const USUAL_CYRILLIC = "оеаинтсрвлкмдпуяьыгзбіОСПНВКМАТИД";

const COSTS = new Float32Array(0x10000).fill(3);
COSTS.fill(2, 0, 0x800);
// Half of a pair of surrogates, which is four bytes.
COSTS.fill(2, 0xd800, 0xe000);
for (const page of PAGES_OF_TWO.split(" ")) {
  const [from = 0, to = from] = page.split("-").map(start => Number.parseInt(start, 16));
  COSTS.fill(2, from, to + 64);
}
for (const character of SINGLE) COSTS[character.charCodeAt(0)] = 1;
for (const character of USUAL_CYRILLIC) COSTS[character.charCodeAt(0)] = 0.5;
