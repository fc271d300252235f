using System.Linq.Expressions;
using System.Reflection;
using Synfin.Buffers;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Proof;

/// <summary>
/// Reads all fields of a part of the engine into a canonical form, but for those that are named as of no consequence: so a field that is
/// added to the engine is part of the state without anybody having to think of it.
/// </summary>
/// <typeparam name="T">The part.</typeparam>
internal static class FieldReader<T>
{
    /// <summary>Fields that only count, or only serve what cannot matter in a scope with one RTO and a few octets.</summary>
    private static readonly HashSet<string> s_withoutConsequence =
    [
        "_segmentsReceived", "_segmentsSent", "_totalRetransmits", // counters
        "_rtt", "_timedEnd", "_timedAt", "_progressAt", "_lastRetransmit", "_lastSent", // the RTO is constant, cwnd never limits
        "_lastReceived", "_keepAliveProbes", // keep-alive is off
        "_timestampRecentAt", // matters after 24 days
        "_minimumRoundTrip", "_minimumRoundTripAt", "RackAt", "RackRoundTrip", // RACK, which goes by round-trip times, is off
        "_head", "Next", // where a ring begins; the store of flights
        "PriorWindow", "PriorThreshold", "ReductionFrom", "ReductionDelivered", "ReductionOut", "BeforeDuplicates",
        "MostInFlight", "UsageEnd",
        "ProbeEnd", "ProbeOfOld", "MssBefore", // no probes, no segment that is full
        "UndoFrom", "UndoSegments", "RetransmitTime", // Canon adds them if they count
        "_drop", // only while a segment is processed
        "NextInBucket", "Earlier", "Later", "Level", "Expiry", "LocalAddress", "RemoteAddress", "RemotePort", "LocalPort",
        "Tuple", // tables
    ];

    private static readonly MethodInfo s_addLong = Method(typeof(long));
    private static readonly MethodInfo s_addStep = typeof(Canon).GetMethod(nameof(Canon.AddStep))!;

    /// <summary>Reads a value's fields.</summary>
    public static Action<T, Canon> Read { get; } = Compile();

    private static Action<T, Canon> Compile()
    {
        ParameterExpression value = Expression.Parameter(typeof(T)), canon = Expression.Parameter(typeof(Canon));
        var calls = new List<Expression>();
        Collect(value, canon, calls);
        return Expression.Lambda<Action<T, Canon>>(Expression.Block(calls), value, canon).Compile();
    }

    private static void Collect(Expression value, ParameterExpression canon, List<Expression> calls)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (FieldInfo field in value.Type.GetFields(All).OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            if (s_withoutConsequence.Contains(NameOf(field))) continue;
            MemberExpression member = Expression.Field(value, field);
            if (field.Name == "_lastAnswer" && field.FieldType == typeof(ushort)) calls.Add(Expression.Call(canon, s_addStep, member));
            else if (Reader(field.FieldType) is { } reader) calls.Add(Expression.Call(canon, reader, member));
            else if (field.FieldType == typeof(ConnectionFlags)) calls.Add(Flags(member, canon));
            else if (IsNumber(field.FieldType)) calls.Add(Expression.Call(canon, s_addLong, Expression.Convert(member, typeof(long))));
            else if (field.FieldType.IsValueType) Collect(member, canon, calls);
            else if (field.FieldType == typeof(Tcp.Flight) || field.FieldType == typeof(LinuxDetails)) calls.Add(Part(member, canon));
        }
    }

    /// <summary>What a connection has only at times, or in one profile alone, in an object of its own.</summary>
    private static ConditionalExpression Part(Expression part, ParameterExpression canon)
    {
        List<Expression> calls = [Expression.Call(canon, s_addLong, Expression.Constant(1L))];
        Collect(part, canon, calls);
        if (part.Type == typeof(Tcp.Flight)) calls.Add(Expression.Call(canon, Method(part.Type), part));
        return Expression.IfThen(Expression.ReferenceNotEqual(part, Expression.Constant(null)), Expression.Block(calls));
    }

    /// <summary>Bits that only serve round-trip times, the congestion window and queues.</summary>
    private static MethodCallExpression Flags(MemberExpression member, ParameterExpression canon)
    {
        const ConnectionFlags Without = ConnectionFlags.Timing | ConnectionFlags.HasSent | ConnectionFlags.WindowLimited
            | ConnectionFlags.R1Reported | ConnectionFlags.Ready;
        return Expression.Call(
            canon, s_addLong, Expression.And(Expression.Convert(member, typeof(long)), Expression.Constant(~(long)Without)));
    }

    private static MethodInfo? Reader(Type type) =>
        type == typeof(SequenceNumber) || type == typeof(Timestamp) || type == typeof(uint) || type == typeof(SequenceRanges)
            || type == typeof(PagedBuffer)
            ? Method(type)
            : null;

    private static MethodInfo Method(Type type) => typeof(Canon).GetMethod(nameof(Canon.Add), [type])!;

    private static bool IsNumber(Type type) => type.IsEnum || (type.IsPrimitive && type != typeof(double) && type != typeof(nint));

    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)].Split('.')[^1] : field.Name;
}
