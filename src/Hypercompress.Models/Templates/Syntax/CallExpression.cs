using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A parsed call.</summary>
/// <param name="Target">What is called.</param>
/// <param name="Arguments">Makes the arguments.</param>
internal sealed record CallExpression(TemplateEvaluate Target, Func<TemplateScope, TemplateArguments> Arguments)
{
    /// <summary>Calls it.</summary>
    /// <exception cref="TemplateException">The value cannot be called, or the call fails.</exception>
    public object? Evaluate(TemplateScope scope)
    {
        var target = Callable(scope);
        return target.Call(Arguments(scope));
    }

    /// <summary>Calls it with one more named argument.</summary>
    /// <exception cref="TemplateException">The value cannot be called, or the call fails.</exception>
    public object? EvaluateWith(TemplateScope scope, string name, object? value)
    {
        var target = Callable(scope);
        var arguments = Arguments(scope);
        var named = new Dictionary<string, object?>(arguments.Named, StringComparer.Ordinal) { [name] = value };
        return target.Call(arguments with { Named = named });
    }

    private TemplateCallable Callable(TemplateScope scope)
    {
        var target = Target(scope);
        PythonTypes.RequireDefined(target);
        return target as TemplateCallable
            ?? throw new TemplateException($"a value of type {PythonTypes.NameOf(target)} cannot be called");
    }
}
