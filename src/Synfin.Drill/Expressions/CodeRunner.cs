namespace Synfin.Drill.Expressions;

/// <summary>
/// Runs the code of one script, block after block. What a block assigns, the next ones see. The language is the part of Python that scripts
/// use: assertions, assignments and conditions over numbers, strings and lists.
/// </summary>
/// <param name="variables">The names that scripts do not set themselves.</param>
internal sealed class CodeRunner(IVariables variables)
{
    private readonly Dictionary<string, CodeValue> _own = new(StringComparer.Ordinal);

    /// <summary>Runs a block.</summary>
    /// <param name="code">What stands between <c>%{</c> and <c>}%</c>.</param>
    /// <param name="line">The line in which it begins.</param>
    public CodeResult Run(string code, int line)
    {
        try
        {
            Run(CodeParser.Parse(code, line));
            return new CodeResult.Passed();
        }
        catch (CodeProblemException problem)
        {
            return problem.Result;
        }
    }

    private void Run(IReadOnlyList<CodeStatement> statements)
    {
        foreach (CodeStatement statement in statements)
        {
            switch (statement)
            {
                case CodeStatement.Assert assertion:
                    Check(assertion);
                    break;
                case CodeStatement.Assignment assignment:
                    Assign(assignment);
                    break;
                case CodeStatement.If choice:
                    Run(Evaluate(choice.Condition).IsTrue ? choice.Then : choice.Else);
                    break;
                case CodeStatement.Evaluation evaluation:
                    Evaluate(evaluation.Value);
                    break;
            }
        }
    }

    private CodeValue Evaluate(CodeNode node) => CodeEvaluator.Evaluate(node, Find);

    private CodeValue? Find(string name)
    {
        if (_own.TryGetValue(name, out CodeValue value) || variables.TryGet(name, out value)) return value;
        return CodeConstants.TryGet(name, out long constant) ? CodeValue.Of(constant) : null;
    }

    private void Assign(CodeStatement.Assignment assignment)
    {
        CodeNode value = assignment.Operator is { } op
            ? new CodeNode.Binary(op, new CodeNode.Name(assignment.Target, assignment.Line), assignment.Value, assignment.Line)
            : assignment.Value;
        _own[assignment.Target] = Evaluate(value);
    }

    private void Check(CodeStatement.Assert assertion)
    {
        if (Evaluate(assertion.Condition).IsTrue) return;
        CodeNode culprit = assertion.Condition;
        while (culprit is CodeNode.Logical { IsAnd: true } both) culprit = Evaluate(both.Left).IsTrue ? both.Right : both.Left;
        string source = string.Join(' ', culprit.Source.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var values = new List<string>();
        foreach (string name in NamesIn(culprit))
        {
            if (Find(name) is { } value) values.Add($"{name} is {value}");
        }

        string message = values.Count == 0 ? $"wanted {source}" : $"{string.Join(", ", values)}, wanted {source}";
        if (assertion.Message is { } said) message += $" ({Said(said)})";
        throw CodeProblemException.Failed(assertion.Line, source, message);
    }

    /// <summary>A message that cannot be computed must not hide what failed.</summary>
    private string Said(CodeNode message)
    {
        try
        {
            return Evaluate(message).ToString();
        }
        catch (CodeProblemException)
        {
            return message.Source;
        }
    }

    private static IEnumerable<string> NamesIn(CodeNode node) =>
        (node is CodeNode.Name name ? [name.Identifier] : node.Parts.SelectMany(NamesIn)).Distinct();
}
