// Playwright asks every page for emulated media by a command that Firefox ESR does not know; it may fail.
const { Module } = require("module");
const compile = Module.prototype._compile;
Module.prototype._compile = function (code, name, ...rest) {
  const asked = 'ession.send("emulation.setMediaFeaturesOverride"';
  if (name.endsWith("coreBundle.js")) code = code.replaceAll(asked, asked.replace(".send(", ".sendMayFail("));
  return compile.call(this, code, name, ...rest);
};
