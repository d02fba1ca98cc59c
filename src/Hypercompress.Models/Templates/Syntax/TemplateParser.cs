using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses whole templates and single expressions.</summary>
internal static class TemplateParser
{
    /// <summary>Parses a template.</summary>
    /// <param name="source">The template.</param>
    /// <returns>What renders it.</returns>
    /// <exception cref="TemplateException">The template is malformed or uses what is not supported.</exception>
    public static TemplateRender Parse(string source)
    {
        var state = new ParserState(new TokenCursor(TemplateLexer.Tokenize(source)));
        var body = new StatementParser(state).ParseBody();
        state.RequireKnown();
        return state.Cursor.Current.Kind == TemplateTokenKind.End
            ? body
            : throw new TemplateException($"'{state.Cursor.Current.Text}' closes nothing", state.Cursor.Line);
    }

    /// <summary>Parses an expression.</summary>
    /// <param name="source">The expression, without braces.</param>
    /// <returns>What evaluates it.</returns>
    /// <exception cref="TemplateException">The expression is malformed.</exception>
    public static TemplateEvaluate ParseExpression(string source)
    {
        var state = new ParserState(new TokenCursor(TemplateLexer.Tokenize($"{{{{ {source} }}}}")));
        state.Cursor.Expect(TemplateTokenKind.OutputBegin);
        var value = new ExpressionParser(state).Parse();
        state.Cursor.Expect(TemplateTokenKind.OutputEnd);
        state.Cursor.Expect(TemplateTokenKind.End);
        state.RequireKnown();
        return value;
    }
}
