using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses the statements that give names to values, and those that take the text of a block.</summary>
/// <param name="state">What the parsers share.</param>
/// <param name="expressions">Parses values and filters.</param>
/// <param name="loops">Parses the names that are assigned to.</param>
/// <param name="statements">Parses the blocks.</param>
internal sealed class AssignmentParser(
    ParserState state, ExpressionParser expressions, LoopParser loops, StatementParser statements)
{
    /// <summary>The rest of <c>with</c>: names that hold in its block.</summary>
    public TemplateRender ParseWith()
    {
        var targets = new List<(AssignmentTarget Target, TemplateEvaluate Value)>();
        while (state.Cursor.Current.Kind != TemplateTokenKind.BlockEnd && !state.Cursor.IsSign(":"))
        {
            if (targets.Count > 0)
            {
                state.Cursor.ExpectSign(",");
            }

            var target = loops.ParseTarget("=");
            state.Cursor.ExpectSign("=");
            targets.Add((target, expressions.Parse()));
        }

        var body = statements.ParseBlock("endwith");
        return (scope, output) =>
        {
            var inner = scope.Inner();
            foreach (var (target, value) in targets)
            {
                target.Assign(inner, value(scope));
            }

            return body(inner, output);
        };
    }

    /// <summary>The rest of <c>set</c>: of a value, or of the text of a block.</summary>
    public TemplateRender ParseSet()
    {
        var target = loops.ParseTarget("=", withNamespace: true);
        if (state.Cursor.TrySign("="))
        {
            var value = expressions.ParseTuple();
            state.Cursor.Expect(TemplateTokenKind.BlockEnd);
            return (scope, _) =>
            {
                target.Assign(scope, value(scope));
                return TemplateFlow.Normal;
            };
        }

        var (filter, captured) = ParseFilters(startsWithName: false);
        return Captured(
            statements.ParseBlock("endset"), captured, filter, (scope, _, value) => target.Assign(scope, value));
    }

    /// <summary>The rest of <c>filter</c>: what filters make of the text of a block.</summary>
    public TemplateRender ParseFilterBlock()
    {
        var (filter, captured) = ParseFilters(startsWithName: true);
        return Captured(statements.ParseBlock("endfilter"), captured, filter, (scope, output, value) =>
            output.Append(scope.Run.Made(PythonText.Of(value, scope.Run))));
    }

    /// <summary>Filters for the text of a block, and the name under which they look for it.</summary>
    private (TemplateEvaluate Filter, string Captured) ParseFilters(bool startsWithName)
    {
        // No name in a template has a space.
        const string Captured = "captured text";
        bool conditional = state.IsConditional;
        state.IsConditional = false;
        TemplateEvaluate filter = scope => scope.Get(Captured);
        int links = 0;
        while (startsWithName || state.Cursor.TrySign("|"))
        {
            state.Cursor.Link(ref links);
            startsWithName = false;
            filter = expressions.ParseFilter(filter);
        }

        state.IsConditional = conditional;
        return (filter, Captured);
    }

    private static TemplateRender Captured(
        TemplateRender body,
        string name,
        TemplateEvaluate filter,
        Action<TemplateScope, StringBuilder, object?> use) => (scope, output) =>
    {
        var inner = scope.Inner();
        var text = new StringBuilder();
        var flow = body(inner, text);
        if (flow == TemplateFlow.Normal)
        {
            inner.Set(name, scope.Run.Made(text.ToString()));
            use(scope, output, filter(inner));
        }

        return flow;
    };
}
