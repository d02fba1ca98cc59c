namespace Hypercompress.Models.Templates.Values;

/// <summary>A value that has attributes of its own: a function, a namespace, the state of a loop.</summary>
internal abstract class TemplateObject
{
    /// <summary>Python's name of the type.</summary>
    public abstract string TypeName { get; }

    /// <summary>Its text when it is printed, where that does not depend on other values.</summary>
    public virtual string Description => $"<{TypeName}>";

    /// <summary>Looks for an attribute.</summary>
    public virtual bool TryAttribute(string name, out object? value)
    {
        value = null;
        return false;
    }
}
