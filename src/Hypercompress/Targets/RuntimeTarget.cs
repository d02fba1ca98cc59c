using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
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

    /// <summary>The export format that such a runtime reads; null where it reads the artifact itself.</summary>
    public virtual string? Export => null;

    /// <summary>The format of norms and biases.</summary>
    /// <param name="teacherFormat">Number format of the teacher's tensors.</param>
    /// <returns>A floating-point format.</returns>
    public virtual ValueFormat VectorFormat(ValueFormat teacherFormat) => teacherFormat;

    /// <summary>Bytes of the tensors that the runtime's file has beside the weights.</summary>
    /// <param name="config">The model.</param>
    /// <returns>Bytes of their data.</returns>
    public virtual long ExtraBytes(DecoderConfig config) => 0;

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
