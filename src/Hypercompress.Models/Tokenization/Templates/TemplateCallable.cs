namespace Hypercompress.Models.Tokenization.Templates;

/// <summary>A function, macro or bound method.</summary>
internal delegate object? TemplateCallable(TemplateArguments arguments);
