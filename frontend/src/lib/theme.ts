/** What the theme's hook and the script in the head of the page must agree on. */

export const STORED = 'passportx.theme';
export const DARK = '(prefers-color-scheme: dark)';

/** Runs in the head of the page, before anything is drawn, so that no page flashes white; hence a string, no module. */
export const themeScript = `try{var t=localStorage.getItem('${STORED}')}catch(e){}
document.documentElement.dataset.theme=t==='light'||t==='dark'?t:matchMedia('${DARK}').matches?'dark':'light'`;
