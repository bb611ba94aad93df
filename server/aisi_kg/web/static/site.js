// What every page does with script; each part leaves the page as it is where it finds nothing to do.
import "./search.js";
