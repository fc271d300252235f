using Synfin.Timers;

namespace Synfin.Drill.Language;

/// <summary>Events and their times.</summary>
internal sealed partial class ScriptParser
{
    private const long LongestSeconds = 1_000_000_000;
    private const int NanosecondDigits = 9;

    private static EventTime AtStart => new(EventTimeKind.Absolute, Duration.Zero, Duration.Zero);

    /// <summary>
    /// <c>time &lt; packet</c>, <c>time &gt; packet</c>, <c>time `command`</c>, <c>time %{ code }%</c>, <c>time[...time] call</c>. A
    /// command or code without a time is due with what stands before it.
    /// </summary>
    private void ReadEvent()
    {
        int line = _lexer.Line;
        EventTime time = _lexer.Current is '`' or '%' ? TimeOfNone() : ReadTime();
        Duration? blocksUntil = null;
        bool isRelative = false;
        if (_lexer.Take("..."))
        {
            (blocksUntil, isRelative) = ReadBlocking(time);
            if (_lexer.SeeWord() is null) throw _lexer.Unexpected("a call after the two times of a call that blocks");
        }

        if (_lexer.Take("<")) ReadPacket(line, time, isInbound: true);
        else if (_lexer.Take(">")) ReadPacket(line, time, isInbound: false);
        else if (_lexer.Take("`"))
            _events.Add(new CommandEvent(line, time, _lexer.TakeThrough("`", "a command between backticks").Trim()));
        else if (_lexer.Take("%{")) _events.Add(new CodeEvent(line, time, _lexer.TakeThrough("}%", "code")));
        else if (_lexer.SeeWord() is not null) _events.Add(ReadCall(line, time, blocksUntil, isRelative));
        else throw _lexer.Unexpected("a packet (< or >), a call, a command between backticks or %{ code }% after the time");
    }

    private EventTime TimeOfNone() =>
        _events.Count == 0 ? AtStart : new EventTime(EventTimeKind.Relative, Duration.Zero, Duration.Zero);

    private EventTime ReadTime()
    {
        if (_lexer.Take("*")) return new EventTime(EventTimeKind.Any, Duration.Zero, Duration.Zero);
        bool isRelative = _lexer.Take("+");
        if (!TryReadDuration(out Duration start))
            throw _lexer.Unexpected(isRelative ? "a time in seconds after '+'" : "an event, which begins with its time (0.1, +.1 or *)");
        if (!_lexer.Take("~"))
            return new EventTime(isRelative ? EventTimeKind.Relative : EventTimeKind.Absolute, start, start);

        bool endIsRelative = _lexer.Take("+");
        if (!TryReadDuration(out Duration end)) throw _lexer.Unexpected("the second time of a range after '~'");
        if (endIsRelative && !isRelative) end += start;
        if (end < start) throw _lexer.Error(_lexer.Line, $"the range of times ends ({end}) before it begins ({start})");
        return new EventTime(isRelative ? EventTimeKind.RelativeRange : EventTimeKind.AbsoluteRange, start, end);
    }

    /// <summary>
    /// The end of a call that blocks. In a relative event both times count from the event before, so what is left is since the call.
    /// </summary>
    private (Duration Until, bool IsRelative) ReadBlocking(EventTime time)
    {
        if (time.Kind is not (EventTimeKind.Absolute or EventTimeKind.Relative))
            throw _lexer.Error(_lexer.Line, "a call that blocks begins at one time, not in a range of times");
        bool isRelative = _lexer.Take("+");
        if (!TryReadDuration(out Duration end)) throw _lexer.Unexpected("the time by which the call is complete after '...'");
        if (isRelative && time.Kind == EventTimeKind.Absolute) return (end, true);
        if (end < time.Start) throw _lexer.Error(_lexer.Line, $"the call is complete ({end}) before it begins ({time.Start})");
        return time.Kind == EventTimeKind.Relative ? (end - time.Start, true) : (end, false);
    }

    /// <summary>Seconds: <c>1</c>, <c>0.5</c>, <c>.01</c>; digits beyond nanoseconds are dropped.</summary>
    private bool TryReadDuration(out Duration time)
    {
        time = default;
        _lexer.SkipBlanks();
        bool hasPoint = _lexer.Current == '.' && char.IsAsciiDigit(_lexer.Ahead(1));
        if (!char.IsAsciiDigit(_lexer.Current) && !hasPoint) return false;
        int line = _lexer.Line;
        long seconds = 0;
        while (char.IsAsciiDigit(_lexer.Current))
        {
            seconds = seconds * 10 + (_lexer.Current - '0');
            _lexer.Position++;
            if (seconds > LongestSeconds) throw _lexer.Error(line, $"the time is longer than {LongestSeconds} s");
        }

        long fraction = 0;
        int digits = 0;
        if (_lexer.Current == '.' && char.IsAsciiDigit(_lexer.Ahead(1)))
        {
            _lexer.Position++;
            while (char.IsAsciiDigit(_lexer.Current))
            {
                if (digits++ < NanosecondDigits) fraction = fraction * 10 + (_lexer.Current - '0');
                _lexer.Position++;
            }
        }
        else if (_lexer.Current == '.' && _lexer.Ahead(1) != '.') _lexer.Position++; // "1." is a number too

        for (; digits < NanosecondDigits; digits++) fraction *= 10;
        time = new Duration(seconds * 1_000_000_000 + fraction);
        return true;
    }
}
