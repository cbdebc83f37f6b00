// The choosers of the admin, which search as one types. In the place of how Django's own
// autocomplete.js sets them up: a search waits until nobody types, what the one before had found
// can no longer be chosen, and a chooser may search within the row that another one names.
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

  $.fn.djangoAdminSelect2 = function () {
    this.each((_, select) => {
      const { appLabel, modelName, fieldName, within } = select.dataset;
      const data = ({ term, page }) => ({
        term, page, app_label: appLabel, model_name: modelName, field_name: fieldName,
        ...(within && { within: siblingOf(select, within)?.value }),
      });
      $(select).select2({ ajax: { delay: PAUSE, data } });
    });
    return this;
  };
}
