// The choosers of the admin, which search as one types. In the place of how Django's own
// autocomplete.js sets them up: a search waits until nobody types, what the one before had found
// can no longer be chosen, and a chooser may search within the row that another one names. One
// with data-new offers what is typed as a new row, and what another chooser of the page has new.
{
  const $ = django.jQuery;
  const PAUSE = 200;

  const Results = $.fn.select2.amd.require("select2/results");
  const showLoading = Results.prototype.showLoading;
  Results.prototype.showLoading = function (params) {
    this.clear();
    showLoading.call(this, params);
  };

  // Of the same form, or of the same row of an inline.
  const siblingOf = (select, name) => {
    const prefix = select.name.slice(0, -select.dataset.fieldName.length);
    return select.form.elements.namedItem(prefix + name);
  };

  const NEW = "new:";
  const newOnes = (term) => {
    const chosen = document.querySelectorAll(`select[data-new] option[value^="${NEW}"]:checked`);
    const texts = new Set([...chosen].map((option) => option.textContent));
    return [...texts]
      .filter((text) => text.toLowerCase().includes((term ?? "").toLowerCase()))
      .map((text) => ({ id: NEW + text, text, isNew: true }));
  };
  const offeringNew = (label) => ({
    tags: true,
    createTag: ({ term }) => {
      const text = term.trim();
      return text ? { id: NEW + text, text, isNew: true } : null;
    },
    // Below what is there already.
    insertTag: (found, tag) => found.push(tag),
    templateResult: ({ text, isNew }) => (isNew ? label.replace("%(name)s", text) : text),
  });

  $.fn.djangoAdminSelect2 = function () {
    this.each((_, select) => {
      const { appLabel, modelName, fieldName, within, near, new: label } = select.dataset;
      const data = ({ term, page }) => ({
        term, page, app_label: appLabel, model_name: modelName, field_name: fieldName,
        ...(within && { within: siblingOf(select, within)?.value }),
        ...(near && { near }),
      });
      const processResults = (found, { term, page }) => ({
        ...found,
        results: [...(label && (page ?? 1) === 1 ? newOnes(term) : []), ...found.results],
      });
      // A <select> without a choice would take for chosen what somebody is typing.
      if (label && !select.options.length) select.add(new Option("", "", true, true));
      $(select).select2({
        ajax: { delay: PAUSE, data, processResults },
        ...(label && offeringNew(label)),
      });
    });
    return this;
  };
}
