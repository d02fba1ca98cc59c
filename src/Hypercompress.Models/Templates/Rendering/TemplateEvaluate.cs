namespace Hypercompress.Models.Templates.Rendering;

/// <summary>
/// A parsed expression. Values are null (None), bool, long and BigInteger, double, string, and the types of
/// <c>Values</c>.
/// </summary>
/// <param name="scope">The variables.</param>
internal delegate object? TemplateEvaluate(TemplateScope scope);
