using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates.Syntax;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates;

/// <summary>A Jinja expression that gives a list of texts, such as <c>choices.text</c>.</summary>
public sealed class TextListTemplate
{
    private readonly string _name;
    private readonly TemplateEvaluate _expression;

    /// <summary>Parses an expression.</summary>
    /// <param name="source">The expression, without braces.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="ConfigurationException">The expression is malformed.</exception>
    public TextListTemplate(string source, string name)
    {
        _name = name;
        try
        {
            var cursor = new TokenCursor(TemplateLexer.Tokenize($"{{{{ {source} }}}}"));
            cursor.Expect(TemplateTokenKind.OutputBegin);
            _expression = new ExpressionParser(cursor).Parse();
            cursor.Expect(TemplateTokenKind.OutputEnd);
            cursor.Expect(TemplateTokenKind.End);
        }
        catch (TemplateException problem)
        {
            throw new ConfigurationException($"{name}: {problem.Message}", problem);
        }
    }

    /// <summary>Evaluates it.</summary>
    /// <param name="document">The fields.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ConfigurationException">It is no list of texts for this document.</exception>
    public ImmutableArray<string> Evaluate(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            return _expression(TemplateDocument.ToScope(document)) is List<object?> list && list.All(item => item is string)
                ? [.. list.Cast<string>()]
                : throw new ConfigurationException($"{_name}: gives no list of texts");
        }
        catch (TemplateException problem)
        {
            throw new ConfigurationException($"{_name}: {problem.Message}", problem);
        }
    }
}
