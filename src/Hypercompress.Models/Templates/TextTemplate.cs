using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Syntax;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates;

/// <summary>
/// A text with fields that a document fills: Jinja as in <see cref="ChatTemplate"/>, with the filter
/// <c>regex_replace</c>, the line break at the end kept, and a field that is not there an error.
/// </summary>
public sealed class TextTemplate
{
    private readonly string _name;
    private readonly int _length;
    private readonly TemplateRender _definitions;
    private readonly TemplateRender _body;

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="definitions">Macros and variables that it uses; nothing by default.</param>
    /// <exception cref="ConfigurationException">One of the two has an error; the message gives the line.</exception>
    public TextTemplate(string source, string name, string definitions = "")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(definitions);
        (_name, _length) = (name, source.Length + definitions.Length);
        try
        {
            _definitions = TemplateParser.Parse(definitions);
            _body = TemplateParser.Parse(source.EndsWith('\n') ? source + "\n" : source);
        }
        catch (TemplateException problem)
        {
            throw Failure(problem);
        }
    }

    /// <summary>Fills the fields.</summary>
    /// <param name="document">The values of the fields.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ConfigurationException">
    /// A field is not there, or an expression cannot use its value; the message gives the template's line.
    /// </exception>
    public string Render(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var output = new StringBuilder();
        try
        {
            var scope = TemplateInput.StrictScope(document, _length);
            _definitions(scope, new StringBuilder());
            _body(scope, output);
        }
        catch (TemplateException problem)
        {
            throw Failure(problem);
        }

        return output.ToString();
    }

    private ConfigurationException Failure(TemplateException problem) =>
        new($"{_name}, line {problem.Line}: {problem.Message}", problem);
}
