using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

/// <summary>Prompts of tasks whose documents are not at hand, written out by hand from their published form.</summary>
public sealed class BuiltInTaskTests : IDisposable
{
    private readonly TaskFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "hellaswag",
        "validation",
        """{"activity_label": "Baking", "ctx_a": "A man [step] cooks.", "ctx_b": "then he IS", "endings": ["done.", " up [title] and  away", "[x]out", "in"], "label": "1"}""",
        "Baking: A man cooks. Then he is",
        " done.| up. and away| out| in",
        1)]
    [InlineData("piqa", "validation", """{"goal": "Open it", "sol1": "Pull", "sol2": "Push", "label": 1}""", "Question: Open it\nAnswer:", " Pull| Push", 1)]
    [InlineData("copa", "validation", """{"premise": "It rained. ", "choice1": "He got wet.", "choice2": "X ran.", "question": "effect", "label": 0}""", "It rained therefore", "  he got wet.|  x ran.", 0)]
    [InlineData("copa", "validation", """{"premise": "It rained.", "choice1": "A.", "choice2": "B.", "question": "cause", "label": 1}""", "It rained because", "  a.|  b.", 1)]
    [InlineData("boolq", "validation", """{"passage": "P.", "question": "is it", "label": 1, "idx": 0}""", "P.\nQuestion: is it?\nAnswer:", " no| yes", 1)]
    [InlineData("openbookqa", "test", """{"question_stem": "The sun", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": " B"}""", "The sun", " a| b", 1)]
    [InlineData("qqp", "validation", """{"question1": "a?", "question2": "b?", "label": 0}""", "Question 1: a?\nQuestion 2: b?\nQuestion: Do both questions ask the same thing?\nAnswer:", " no| yes", 0)]
    [InlineData("qnli", "validation", """{"question": "q?", "sentence": "s.", "label": 0}""", "q?\ns.\nQuestion: Does this response answer the question?\nAnswer:", " yes| no", 0)]
    [InlineData("wnli", "validation", """{"sentence1": "a", "sentence2": "b.", "label": 1}""", "a\nQuestion: b. True or False?\nAnswer:", " False| True", 1)]
    [InlineData("mnli", "validation_matched", """{"premise": "p", "hypothesis": " h ", "label": 2}""", "p\nQuestion: h. True, False or Neither?\nAnswer:", " True| Neither| False", 2)]
    [InlineData("mnli", "validation_matched", """{"premise": "p", "hypothesis": "h.", "label": 0}""", "p\nQuestion: h. True, False or Neither?\nAnswer:", " True| Neither| False", 0)]
    [InlineData("lambada_openai", "test", """{"text": "he went  home"}""", "he went ", " home", -1)]
    [InlineData("gsm8k_cot", "test", """{"question": "How?", "answer": "So.\n#### 7"}""", "Q: How?\nA:", "", -1)]
    public void Prepare_GivesThePublishedPrompt(
        string task, string split, string document, string prompt, string continuations, int gold)
    {
        _folder.With($"{(task == "gsm8k_cot" ? "gsm8k" : task)}/{split}", document);
        TaskItem item = _folder.Prepare(task, shots: 0).Items.Single();
        Assert.All(item.Requests, request => Assert.Equal(prompt, request.Context));
        Assert.Equal(continuations.Split('|'), item.Requests.Select(request => request.Continuation));
        Assert.Equal(gold, item.Gold);
    }

    [Fact]
    public void Prepare_ChainOfThought_BeginsWithTheWorkedExamples()
    {
        _folder.With("gsm8k/test", """{"question": "How?", "answer": "So.\n#### 7"}""");
        PreparedTask task = _folder.Prepare("gsm8k_cot");
        TaskItem item = task.Items.Single();
        Assert.Equal(8, task.Shots);
        Assert.StartsWith("Q: There are 15 trees in the grove.", item.Requests[0].Context, StringComparison.Ordinal);
        Assert.EndsWith(
            "23 - 15 is 8. The answer is 8.\n\nQ: How?\nA:", item.Requests[0].Context, StringComparison.Ordinal);
        Assert.Equal("7", item.Target);
        Assert.Equal(["Q:", "</s>", "<|im_end|>"], task.Definition.Generation.Until);
    }

    [Fact]
    public void Select_OfMmlu_GivesAllSubjectsInFourGroups()
    {
        TaskSelection selection = TaskLibrary.Select(["mmlu"]);
        Assert.Equal(57, selection.Tasks.Length);
        Assert.Equal(
            ["mmlu_stem", "mmlu_other", "mmlu_social_sciences", "mmlu_humanities", "mmlu"],
            selection.Groups.Select(one => one.Group));
        Assert.Equal([19, 13, 12, 13, 57], selection.Groups.Select(one => selection.TasksOf(one).Count()));
        Assert.All(selection.Tasks, task => Assert.Equal(5, task.Fewshot.Shots));
    }

    [Fact]
    public void Select_OfTheSwitches_GivesTheirTasks()
    {
        TaskSelection selection =
            new TaskSuite(new() { Mmlu = true, Gsm8k = true, Glue = true, Tasks = ["rte"], DataDir = "." }).Selection;
        Assert.Equal(57 + 1 + 9, selection.Tasks.Length);
        Assert.Equal(
            ["cola", "sst2", "mrpc", "qqp", "rte", "wnli", "qnli", "mnli", "mnli_mismatch"], selection.Tasks.TakeLast(9)
                .Select(task => task.Task));
    }
}
