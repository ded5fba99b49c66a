// After a failed try the summary of what is wrong is the first thing to read: it takes the focus.
document.querySelector("[data-error-summary]")?.focus();
