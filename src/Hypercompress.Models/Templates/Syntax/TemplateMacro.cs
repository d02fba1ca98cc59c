using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A macro: sees the scope that it was written in, not the one that calls it.</summary>
internal sealed class TemplateMacro(
    TemplateScope definition, IReadOnlyList<(string Name, TemplateEvaluate Absent)> parameters, TemplateRender body)
{
    // A macro that calls itself without end must not take the process down.
    private const int MaxCalls = 100;

    private int _calls;

    public TemplateCallable Callable => Call;

    private object? Call(TemplateArguments arguments)
    {
        if (_calls >= MaxCalls)
        {
            throw new TemplateException($"a macro calls itself more than {MaxCalls} times");
        }

        _calls++;
        try
        {
            var output = new StringBuilder();
            body(Bind(arguments), output);
            return output.ToString();
        }
        finally
        {
            _calls--;
        }
    }

    private TemplateScope Bind(TemplateArguments arguments)
    {
        var inner = definition.Inner();
        for (int i = 0; i < parameters.Count; i++)
        {
            var (name, absent) = parameters[i];
            inner.Set(name, arguments.Get(i, name) is var given and not Undefined ? given : absent(inner));
        }

        return inner;
    }
}
