using System.Text;
using Hypercompress.Models.Templates.Library;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>A macro, or the body of a <c>call</c> block: sees the scope that it was written in.</summary>
/// <param name="name">Its name; null for the body of a block.</param>
/// <param name="signature">What it takes.</param>
/// <param name="definition">The scope that it was written in.</param>
/// <param name="body">What it renders.</param>
internal sealed class TemplateMacro(
    string? name, MacroSignature signature, TemplateScope definition, TemplateRender body) : TemplateCallable
{
    /// <inheritdoc/>
    public override string TypeName => "Macro";

    /// <inheritdoc/>
    public override string Description => name is null ? "<Macro anonymous>" : $"<Macro '{name}'>";

    /// <inheritdoc/>
    public override bool TryAttribute(string attribute, out object? value)
    {
        value = attribute switch
        {
            "name" => name,
            "arguments" => new TemplateTuple([.. signature.Parameters]),
            "caller" => signature.UsesCaller,
            "catch_varargs" => signature.UsesMore,
            "catch_kwargs" => signature.UsesNamed,
            _ => null,
        };
        return attribute is "name" or "arguments" or "caller" or "catch_varargs" or "catch_kwargs";
    }

    /// <inheritdoc/>
    /// <exception cref="TemplateException">The arguments do not fit, or macros are nested too deep.</exception>
    public override object? Call(TemplateArguments arguments)
    {
        arguments.Run.Enter();
        var output = new StringBuilder();
        body(Bind(arguments), output);
        arguments.Run.Leave();
        return arguments.Run.Made(output.ToString());
    }

    private TemplateScope Bind(TemplateArguments call)
    {
        var inner = definition.Inner();
        var named = new Dictionary<string, object?>(call.Named, StringComparer.Ordinal);
        foreach (string parameter in signature.Parameters)
        {
            // A default value sees the parameters that it precedes as missing, not variables of their names.
            inner.Set(parameter, call.Run.Missing($"the argument '{parameter}' of a macro is not given"));
        }

        for (int i = 0; i < signature.Parameters.Count; i++)
        {
            inner.Set(signature.Parameters[i], Argument(i, inner, call, named));
        }

        BindCaller(inner, named, call.Run);
        BindRest(inner, named, call);
        return inner;
    }

    private object? Argument(int place, TemplateScope inner, TemplateArguments call, Dictionary<string, object?> named)
    {
        string parameter = signature.Parameters[place];
        return place < call.Values.Count ? call.Values[place]
            : named.Remove(parameter, out var value) ? value
            : signature.Default(place) is { } absent ? absent(inner)
            : inner.Get(parameter);
    }

    private void BindCaller(TemplateScope inner, Dictionary<string, object?> named, TemplateRun run)
    {
        if (signature.UsesCaller && !signature.Parameters.Contains("caller"))
        {
            inner.Set("caller", named.Remove("caller", out var caller) && caller is not null
                ? caller
                : run.Missing("the macro is not called by a block, so it has no 'caller'"));
        }
    }

    private void BindRest(TemplateScope inner, Dictionary<string, object?> named, TemplateArguments call)
    {
        if (signature.UsesNamed)
        {
            inner.Set("kwargs", TemplateGlobals.MapOf(new TemplateArguments(call.Run, [], named)));
        }
        else if (named.Count > 0)
        {
            throw new TemplateException($"the macro '{name}' has no argument '{named.Keys.First()}'");
        }

        if (signature.UsesMore)
        {
            inner.Set("varargs", new TemplateTuple([.. call.Values.Skip(signature.Parameters.Count)]));
        }
        else if (call.Values.Count > signature.Parameters.Count)
        {
            throw new TemplateException($"the macro '{name}' takes at most {signature.Parameters.Count} arguments");
        }
    }
}
