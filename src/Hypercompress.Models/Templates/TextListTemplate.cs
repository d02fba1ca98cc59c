using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Syntax;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates;

/// <summary>A Jinja expression that gives a list of texts, such as <c>choices.text</c>.</summary>
public sealed class TextListTemplate
{
    private readonly string _name;
    private readonly int _length;
    private readonly TemplateEvaluate _expression;

    /// <summary>Parses an expression.</summary>
    /// <param name="source">The expression, without braces.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ConfigurationException">The expression is malformed.</exception>
    public TextListTemplate(string source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_name, _length) = (name, source.Length);
        try
        {
            _expression = TemplateParser.ParseExpression(source);
        }
        catch (TemplateException problem)
        {
            throw new ConfigurationException($"{name}: {problem.Message}", problem);
        }
    }

    /// <summary>Evaluates it.</summary>
    /// <param name="document">The fields.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ConfigurationException">It does not give a list of texts for this document.</exception>
    public ImmutableArray<string> Evaluate(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            var scope = TemplateInput.StrictScope(document, _length);
            return _expression(scope) is TemplateSequence { Items: var items } && items.All(item => item is string)
                ? [.. items.Cast<string>()]
                : throw new ConfigurationException($"{_name}: does not give a list of texts");
        }
        catch (TemplateException problem)
        {
            throw new ConfigurationException($"{_name}: {problem.Message}", problem);
        }
    }
}
