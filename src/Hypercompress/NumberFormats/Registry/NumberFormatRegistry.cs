using System.Collections.Immutable;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;

namespace Hypercompress.NumberFormats.Registry;

/// <summary>
/// The number formats there are. A new one takes its own class and one line in <see cref="BuiltIn"/>.
/// </summary>
/// <param name="registrations">The kinds of format; a name belongs to the first kind that takes it.</param>
public sealed class NumberFormatRegistry(ImmutableArray<NumberFormatRegistration> registrations)
{
    /// <summary>The kinds that ship with the library.</summary>
    public static ImmutableArray<NumberFormatRegistration> BuiltIn { get; } =
    [
        new("f32, f16, bf16", FloatFormat.TryParse),
        new("int8-g64, uint4-g64, uint4z-g64", IntegerFormat.TryParse),
        new("q4_k, iq4_nl", BlockFormat.TryParse),
        new("ec2.75, ef2.75, es2.75", EntropyFormat.TryParse),
    ];

    /// <summary>A registry of the built-in kinds.</summary>
    public static NumberFormatRegistry Standard { get; } = new(BuiltIn);

    /// <summary>All kinds of format.</summary>
    public ImmutableArray<NumberFormatRegistration> Registrations => registrations;

    /// <summary>This registry and one more kind.</summary>
    /// <param name="registration">The kind.</param>
    /// <returns>A new registry.</returns>
    public NumberFormatRegistry With(NumberFormatRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return new NumberFormatRegistry(Registrations.Add(registration));
    }

    /// <summary>Reads a name.</summary>
    /// <param name="name">The name of a format, as <see cref="ValueFormat.Name"/> gives it.</param>
    /// <returns>The format.</returns>
    /// <exception cref="FormatException">No kind has such a name; the message lists examples.</exception>
    public ValueFormat Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Registrations.Select(kind => kind.TryParse(name)).FirstOrDefault(format => format is not null)
            ?? throw new FormatException(
                $"'{name}' is not a number format; formats are named like "
                + string.Join(", ", Registrations.Select(kind => kind.Examples)));
    }
}
