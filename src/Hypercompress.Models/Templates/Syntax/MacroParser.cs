using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses macros, and blocks that call them.</summary>
/// <param name="state">What the parsers share.</param>
/// <param name="expressions">Parses default values and calls.</param>
/// <param name="statements">Parses the bodies.</param>
internal sealed class MacroParser(ParserState state, ExpressionParser expressions, StatementParser statements)
{
    private readonly TokenCursor _cursor = state.Cursor;

    /// <summary>A macro, after its first word.</summary>
    public TemplateRender ParseMacro()
    {
        string name = _cursor.ExpectName();
        var (signature, body) = ParseDefinition("endmacro", null);
        return (scope, _) =>
        {
            scope.Set(name, new TemplateMacro(name, signature, scope, body));
            return TemplateFlow.Normal;
        };
    }

    /// <summary>A block that calls a macro, after its first word.</summary>
    public TemplateRender ParseCall()
    {
        CallExpression? call = null;
        var (signature, body) = ParseDefinition("endcall", () => call = expressions.ParseCall());
        return (scope, output) =>
        {
            var caller = new TemplateMacro(null, signature, scope, body);
            var written = call!.EvaluateWith(scope, "caller", caller);
            output.Append(scope.Run.Made(PythonText.Of(written, scope.Run)));
            return TemplateFlow.Normal;
        };
    }

    private (MacroSignature Signature, TemplateRender Body) ParseDefinition(string end, Action? beforeBody)
    {
        bool conditional = state.IsConditional;
        state.IsConditional = false;
        var signature = beforeBody is null || _cursor.IsSign("(") ? ParseSignature() : new MacroSignature([], []);
        state.IsConditional = conditional;
        beforeBody?.Invoke();
        var names = state.StartNames();
        var body = statements.ParseBlock(end, loops: 0);
        state.EndNames();
        return (signature with
        {
            UsesCaller = names.Contains("caller"),
            UsesMore = names.Contains("varargs"),
            UsesNamed = names.Contains("kwargs"),
        }, body);
    }

    private MacroSignature ParseSignature()
    {
        var parameters = new List<string>();
        var defaults = new List<TemplateEvaluate>();
        _cursor.ExpectSign("(");
        while (!_cursor.TrySign(")"))
        {
            if (parameters.Count > 0)
            {
                _cursor.ExpectSign(",");
            }

            int line = _cursor.Line;
            string name = _cursor.ExpectName();
            if (parameters.Contains(name))
            {
                throw new TemplateException($"the parameter '{name}' is there twice", line);
            }

            parameters.Add(name);
            if (_cursor.TrySign("="))
            {
                defaults.Add(expressions.Parse());
            }
            else if (defaults.Count > 0)
            {
                throw new TemplateException("a parameter without default follows one with default", line);
            }
        }

        return new MacroSignature(parameters, defaults);
    }
}
