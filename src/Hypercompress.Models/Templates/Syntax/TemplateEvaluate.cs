using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>
/// A parsed expression. Values are null (None), <see cref="Undefined"/>, bool, long, double, string, a list of values,
/// a <see cref="TemplateMap"/>, or a <see cref="TemplateCallable"/>.
/// </summary>
internal delegate object? TemplateEvaluate(TemplateScope scope);
