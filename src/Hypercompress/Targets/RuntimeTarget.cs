using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;

namespace Hypercompress.Targets;

/// <summary>The runtime that a compressed model is made for, and what it holds.</summary>
public abstract class RuntimeTarget
{
    /// <summary>The name in <c>targets.runtime</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it holds every form and number format: true for this program alone.</summary>
    public virtual bool HoldsAllForms => false;

    /// <summary>The number formats that matrices may have; empty where all of them.</summary>
    public virtual ImmutableArray<ValueFormat> Formats => [];

    /// <summary>
    /// The number formats that the factors of a low-rank matrix may have; empty where the runtime has no factors.
    /// </summary>
    public virtual ImmutableArray<ValueFormat> FactorFormats => [];

    /// <summary>The export format that such a runtime reads; null where it reads the artifact itself.</summary>
    public virtual string? Export => null;

    /// <summary>How the export treats matrices of few bits; null where its format knows one way.</summary>
    public virtual string? Quant => null;

    /// <summary>
    /// Whether all numbers that are not stored in fewer bits are single precision; otherwise they have the teacher's
    /// type.
    /// </summary>
    public virtual bool ComputesInSingle => false;

    /// <summary>The format of norms and biases.</summary>
    /// <param name="teacherFormat">Number format of the teacher's tensors.</param>
    /// <returns>A floating-point format.</returns>
    public virtual ValueFormat VectorFormat(ValueFormat teacherFormat) => teacherFormat;

    /// <summary>Bytes of the tensors that the runtime's file has beside the weights.</summary>
    /// <param name="config">The model.</param>
    /// <returns>Bytes of their data.</returns>
    public virtual long ExtraBytes(DecoderConfig config) => 0;

    /// <summary>Whether a matrix may have a number format.</summary>
    /// <param name="kind">The role of the matrix.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <returns>True when the runtime holds such a matrix.</returns>
    public virtual bool Holds(WeightSlotKind kind, long rows, long columns, ValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Holds(rows, columns);
    }

    /// <summary>
    /// Bytes that the runtime's file has beside a matrix of few bits, such as those of its shape.
    /// </summary>
    /// <param name="slot">The matrix and the tensors that it comes from.</param>
    /// <returns>Bytes of the data.</returns>
    public virtual long SideBytes(SlotLayout slot) => 0;

    /// <summary>Matrices that must have one number format, or none of fewer bits.</summary>
    /// <param name="config">The model.</param>
    /// <returns>Names of the matrices, each in one group at most.</returns>
    public virtual ImmutableArray<ImmutableArray<string>> Alike(DecoderConfig config) => [];

    /// <summary>Refuses a model that the runtime does not hold, before any work.</summary>
    /// <param name="config">The model.</param>
    /// <param name="json">Its <c>config.json</c>.</param>
    /// <exception cref="ConfigurationException">
    /// The runtime has no place for something that the model needs.
    /// </exception>
    public virtual void Require(DecoderConfig config, JsonObject json)
    {
    }

    /// <summary>Bytes that are taken whatever the matrices are stored in.</summary>
    /// <param name="config">The model.</param>
    /// <param name="teacherFormat">Number format of the teacher's tensors.</param>
    /// <param name="vectorElements">Elements of all norms and biases.</param>
    /// <returns>Bytes of the data.</returns>
    public long FixedBytes(DecoderConfig config, ValueFormat teacherFormat, long vectorElements) =>
        VectorFormat(teacherFormat).StoredBytes(1, vectorElements) + ExtraBytes(config);
}
