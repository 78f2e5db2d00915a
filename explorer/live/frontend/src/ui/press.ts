/** Whether a pointer is pressed anywhere on the page. */
let pressed = false;

/** The buttons tell it of a pointer that was let go outside of the window too, once it is back. */
const follow = (event: PointerEvent): void => {
  pressed = (event.buttons & 1) > 0;
};

for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"] as const) window.addEventListener(type, follow, { capture: true, passive: true });
window.addEventListener("blur", () => (pressed = false));

export const isPressed = (): boolean => pressed;
