namespace Hypercompress.Models.Templates.Values;

/// <summary>A function, macro or bound method.</summary>
internal delegate object? TemplateCallable(TemplateArguments arguments);
