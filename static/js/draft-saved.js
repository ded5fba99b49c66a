// The page tells that a form was saved: what js/draft.js keeps of it is no longer unsaved.
for (const told of document.querySelectorAll("[data-draft-saved]")) sessionStorage.removeItem(`draft:${told.dataset.draftSaved}`);
