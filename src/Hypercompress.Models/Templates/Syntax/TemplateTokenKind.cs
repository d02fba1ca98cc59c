namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Kinds of pieces of a template.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text that is written as it is.</summary>
    Data,

    /// <summary>The opening of a statement.</summary>
    BlockBegin,

    /// <summary>The end of a statement.</summary>
    BlockEnd,

    /// <summary>The opening of an expression that is written out.</summary>
    OutputBegin,

    /// <summary>The end of such an expression.</summary>
    OutputEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A string literal, without quotes and escapes.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or exponent.</summary>
    Real,

    /// <summary>An operator or bracket.</summary>
    Sign,

    /// <summary>The end of the template.</summary>
    End,
}
