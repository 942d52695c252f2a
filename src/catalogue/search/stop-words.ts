/** Words that say nothing about an operation. A question has them; they count only where it has no others. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a an the of for to in on at by with from into and or is are was be been being am this that these those it its as " +
    "your you my our his her their he she they we i do does did how can could would should will what which where when " +
    "please want need like wants needs if so there has have had than then but not no s t re ve ll just some any one out up about " +
    "via using really something someone somebody thing things way " +
    "given specific specified certain particular"
  ).split(" "),
);
