namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Line">1-based line where it starts.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Line);
