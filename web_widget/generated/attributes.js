/* Written by build.py from attributes.json. Do not edit. */
export const ATTRIBUTES = {
  "language": /^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*)$/,
  "route": /^(self|other|worker)$/,
  "borough": /^([a-z-]{1,40})$/,
  "position": /^(start|end)$/,
  "headline": /^(.{1,40})$/,
  "accent": /^(#[0-9A-Fa-f]{6})$/,
  "exit-url": /^(https?:\/\/\S+)$/,
  "open": /^(.*)$/,
  "inline": /^(.*)$/,
};
