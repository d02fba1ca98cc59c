namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>Meanings of names in a checkpoint's pickle.</summary>
internal enum TorchGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDictionary,

    /// <summary><c>torch.Size</c>.</summary>
    Size,

    /// <summary>A typed or untyped storage class.</summary>
    Storage,

    /// <summary>An element type, such as <c>torch.float32</c>.</summary>
    ElementType,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>: a tensor of a typed storage.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_tensor_v3</c>: a tensor of an untyped storage.</summary>
    RebuildTypedTensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>: a tensor that is trained.</summary>
    RebuildParameter,
}
