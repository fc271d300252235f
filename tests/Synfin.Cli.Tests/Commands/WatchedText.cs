using System.Text;

namespace Synfin.Cli.Tests.Commands;

/// <summary>Collects lines, and tells when one is there.</summary>
internal sealed class WatchedText : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Part, TaskCompletionSource Seen)> _waiting = [];

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Completes when the text contains something.</summary>
    public Task Contains(string part)
    {
        lock (_lock)
        {
            if (_text.ToString().Contains(part, StringComparison.Ordinal)) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((part, seen));
            return seen.Task;
        }
    }

    public override void Write(char value) => Append(value.ToString());

    public override void Write(string? value) => Append(value ?? "");

    public override void WriteLine(string? value) => Append(value + "\n");

    public override void WriteLine() => Append("\n");

    public override string ToString()
    {
        lock (_lock) return _text.ToString();
    }

    private void Append(string text)
    {
        lock (_lock)
        {
            _text.Append(text);
            string all = _text.ToString();
            _waiting.RemoveAll(one => all.Contains(one.Part, StringComparison.Ordinal) && one.Seen.TrySetResult());
        }
    }
}
