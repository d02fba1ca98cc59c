using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>The target of an assignment: a name, an attribute of a namespace, or several targets.</summary>
/// <param name="Name">The name; null for several targets.</param>
/// <param name="Attribute">The attribute of the namespace of that name; null for a variable.</param>
/// <param name="Parts">The targets that take one item each.</param>
internal sealed record AssignmentTarget(string? Name, string? Attribute, IReadOnlyList<AssignmentTarget> Parts)
{
    /// <summary>Assigns a value.</summary>
    /// <exception cref="TemplateException">
    /// The name is not of a namespace, or the value has another number of items than there are targets.
    /// </exception>
    public void Assign(TemplateScope scope, object? value)
    {
        if (Name is null)
        {
            AssignParts(scope, PythonIteration.ToList(value, scope.Run));
        }
        else if (Attribute is null)
        {
            scope.Set(Name, value);
        }
        else if (scope.Get(Name) is TemplateNamespace names)
        {
            names.Attributes.Set(Attribute, value);
        }
        else
        {
            throw new TemplateException($"'{Name}' is not a namespace, its '{Attribute}' cannot be set");
        }
    }

    private void AssignParts(TemplateScope scope, IReadOnlyList<object?> items)
    {
        if (items.Count != Parts.Count)
        {
            throw new TemplateException($"{items.Count} values cannot be assigned to {Parts.Count} names");
        }

        for (int i = 0; i < items.Count; i++)
        {
            Parts[i].Assign(scope, items[i]);
        }
    }
}
