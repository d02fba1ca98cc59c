namespace Hypercompress.Models.Templates.Values;

/// <summary>A text that is marked as safe HTML, which Jinja calls Markup: what is added to it is escaped.</summary>
/// <param name="Text">The text.</param>
internal sealed record TemplateMarkup(string Text);
