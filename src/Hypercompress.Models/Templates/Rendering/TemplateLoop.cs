using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>A <c>for</c> statement.</summary>
internal sealed record TemplateLoop
{
    /// <summary>The target that every item is assigned to.</summary>
    public required AssignmentTarget Target { get; init; }

    /// <summary>The value that is iterated.</summary>
    public required TemplateEvaluate Source { get; init; }

    /// <summary>Which items are taken; null for all.</summary>
    public TemplateEvaluate? Condition { get; init; }

    /// <summary>Whether the body may call <c>loop(items)</c>.</summary>
    public bool Recursive { get; init; }

    /// <summary>The body that is rendered for every item.</summary>
    public required TemplateRender Body { get; init; }

    /// <summary>The body that is rendered when no item was rendered to its end.</summary>
    public TemplateRender? Otherwise { get; init; }

    /// <summary>Renders the loop.</summary>
    public TemplateFlow Render(TemplateScope scope, StringBuilder output) => Render(scope, Source(scope), output, 0);

    private TemplateFlow Render(TemplateScope scope, object? source, StringBuilder output, int depth)
    {
        var items = PythonIteration.Over(source, scope.Run);
        var state = new LoopState(
            Condition is null ? items : items.Where(item => IsWanted(scope, item)),
            Condition is null ? PythonIteration.Count(source) : null,
            Recursive ? call => Nested(scope, call, depth + 1) : null,
            depth);
        bool rendered = false;
        while (state.TryNext(out var item))
        {
            var inner = scope.Inner();
            inner.Set("loop", state);
            Target.Assign(inner, item);
            var flow = Body(inner, output);
            if (flow == TemplateFlow.Break)
            {
                break;
            }

            // Jinja counts an item only when its body was not left early.
            rendered |= flow == TemplateFlow.Normal;
        }

        return !rendered && Otherwise is not null ? Otherwise(scope.Inner(), output) : TemplateFlow.Normal;
    }

    private bool IsWanted(TemplateScope scope, object? item)
    {
        var inner = scope.Inner();
        Target.Assign(inner, item);
        return PythonTruth.IsTrue(Condition!(inner));
    }

    private string Nested(TemplateScope scope, TemplateArguments call, int depth)
    {
        call.Run.Enter();
        var output = new StringBuilder();
        Render(scope, call.Required(0, "iterable"), output, depth);
        call.Run.Leave();
        return call.Run.Made(output.ToString());
    }
}
