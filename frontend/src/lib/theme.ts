/** What the settings and the script in the head of the page must agree on. */

/** Settings are stored under this and their name. */
export const STORED = 'passportx.';
export const DARK = '(prefers-color-scheme: dark)';
export const MORE_CONTRAST = '(prefers-contrast: more)';
export const LESS_MOTION = '(prefers-reduced-motion: reduce)';

/** Runs in the head of the page, before anything is drawn, so that no page flashes white; hence a string, no module. */
export const themeScript = `(function(d,g,m){function s(n,a,b,q){var v=g(n);d[n]=v===a||v===b?v:m(q).matches?b:a}
s('theme','light','dark','${DARK}');s('contrast','standard','more','${MORE_CONTRAST}');s('motion','full','reduce','${LESS_MOTION}')
})(document.documentElement.dataset,function(n){try{return localStorage.getItem('${STORED}'+n)}catch(e){}},matchMedia)`;
