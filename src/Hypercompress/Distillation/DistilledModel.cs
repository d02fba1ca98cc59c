using Hypercompress.Models.Transformer;
using Hypercompress.Training;

namespace Hypercompress.Distillation;

/// <summary>A student that has been through distillation: what fine-tuning takes.</summary>
/// <param name="Model">The student; owned by whoever holds this record.</param>
/// <param name="History">The measurements; <see cref="TrainingHistory.Off"/> when the phase is off.</param>
internal sealed record DistilledModel(DecoderModel Model, TrainingHistory History);
