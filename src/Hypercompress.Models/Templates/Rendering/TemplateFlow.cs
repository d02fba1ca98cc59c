namespace Hypercompress.Models.Templates.Rendering;

/// <summary>How to go on after a statement.</summary>
internal enum TemplateFlow
{
    /// <summary>With the next one.</summary>
    Normal,

    /// <summary>With the next turn of the loop.</summary>
    Continue,

    /// <summary>After the loop.</summary>
    Break,
}
